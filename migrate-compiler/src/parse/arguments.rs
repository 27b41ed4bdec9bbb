//! Calls of functions and aggregates.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::expr::{Aggregate, Duplicates, Expr};
use crate::parse::cursor::{any_word, list, parens, take_punct};
use crate::parse::expr::{ANY, Reader};
use crate::parse::query;
use crate::problem::Role;

/// What is in the parentheses of a call.
enum CallArguments {
    /// `*`
    All,
    /// Values with commas between.
    Values { list: Vec<Expr>, duplicates: Duplicates },
}

/// Rule `unexpected`: what only an aggregate takes.
fn no_aggregate(what: &str, span: Span) -> Diagnostic {
    let message = format!("`{what}` is only allowed in an aggregate, such as `count`");
    Diagnostic::new("unexpected", span, message).help("write the arguments of the function")
}

impl Reader<'_> {
    /// A bare name is lower case, as SQL folds it; a raw identifier is kept, and never one of an aggregate.
    pub(super) fn call(&mut self, input: ParseStream<'_>, span: Span) -> Parse<Expr> {
        let word = any_word(input, "a function")?;
        let name = word.unraw().to_string();
        let is_raw = word != name;
        let function = if is_raw { name } else { name.to_lowercase() };
        self.note(Role::Function, &function, span);
        if !is_raw {
            self.special(&function, span, input)?;
        }
        let given = parens(input, "arguments", |input| self.arguments(input))?;
        let aggregate = |count| Aggregate::find(&function, count).filter(|_| !is_raw);
        match given {
            CallArguments::All => {
                let function = aggregate(0).ok_or_else(|| no_aggregate("*", span))?;
                Ok(Expr::Aggregate { function, arguments: Vec::new(), duplicates: Duplicates::Kept })
            }
            CallArguments::Values { list: arguments, duplicates } => match aggregate(arguments.len()) {
                Some(function) if !arguments.is_empty() => Ok(Expr::Aggregate { function, arguments, duplicates }),
                Some(_) | None if duplicates == Duplicates::Dropped => Err(no_aggregate("distinct", span)),
                Some(_) | None => Ok(Expr::Call { function, arguments }),
            },
        }
    }

    fn arguments(&mut self, input: ParseStream<'_>) -> Parse<CallArguments> {
        if query::begins(input) {
            return Err(self.bare_query(input));
        }
        if take_punct(input, "*").is_some() {
            return Ok(CallArguments::All);
        }
        let duplicates = self.distinct(input)?;
        let list = if input.is_empty() { Vec::new() } else { list(input, |input| self.climb(input, ANY))? };
        Ok(CallArguments::Values { list, duplicates })
    }
}
