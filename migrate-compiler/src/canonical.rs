//! The forms of the canonical text: what an operation prints as, and what a checksum covers.

use std::cell::Cell;

/// A form of the canonical text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// What is printed now: a column and a string literal never print alike.
    Current,
    /// What `v1:` checksums cover: a name that is not bare is in double quotes, as a string literal is. It never changes again.
    First,
}

thread_local! {
    /// The form of what this thread prints. `fmt` has no room for it: the alternate flag ends at every `write!` inside of another.
    static FORM: Cell<Form> = const { Cell::new(Form::Current) };
}

/// The form of what is printed now.
pub(crate) fn form() -> Form {
    FORM.get()
}

/// Prints in a form: whatever `print` makes into text on this thread.
pub fn in_form<T>(form: Form, print: impl FnOnce() -> T) -> T {
    struct Restore(Form);
    impl Drop for Restore {
        fn drop(&mut self) {
            FORM.set(self.0);
        }
    }
    let _restore = Restore(FORM.replace(form));
    print()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::{Expr, StringLiteral};
    use crate::name::Name;

    fn both(shown: &dyn std::fmt::Display) -> (String, String) {
        (shown.to_string(), in_form(Form::First, || shown.to_string()))
    }

    #[test]
    fn the_first_form_stays_as_it_was() {
        let pair = |now: &str, first: &str| (now.to_owned(), first.to_owned());
        assert_eq!(both(&Expr::column("Score")), pair("r#Score", "\"Score\""));
        assert_eq!(both(&Expr::column("Order Items")), pair("column(\"Order Items\")", "\"Order Items\""));
        assert_eq!(both(&Expr::column("select")), pair("r#select", "select"));
        assert_eq!(both(&Expr::Text("Score".into())), pair("\"Score\"", "\"Score\""));
        assert_eq!(both(&Expr::Text(StringLiteral::typed("Score"))), pair("text \"Score\"", "\"Score\""));
        assert_eq!(both(&Name::new("Score")), pair("r#Score", "\"Score\""));
        assert_eq!(both(&Expr::column("score")), pair("score", "score"));
        assert_eq!(form(), Form::Current);
    }
}
