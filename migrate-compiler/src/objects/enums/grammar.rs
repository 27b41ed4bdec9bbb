//! What follows the name in `create enum`.

use syn::parse::ParseStream;

use crate::diagnostic::Parse;
use crate::objects::Note;
use crate::parse::cursor::{list, parens, text};
use crate::problem::Role;

/// `("a", "b")`
pub(super) fn values(input: ParseStream<'_>, note: Note<'_>) -> Parse<Vec<String>> {
    const VALUES: &str = "the values, as in `create enum mood (\"happy\", \"sad\");`";
    let mut value = |input: ParseStream<'_>| {
        let (value, span) = text(input, "a value in double quotes")?;
        note(Role::Literal, &format!("{value:?}"), span);
        Ok(value)
    };
    parens(input, VALUES, |input| list(input, &mut value))
}
