//! A problem with its place.

use crate::help::Help;
use crate::problem::{Problem, Slot};
use crate::tree::Range;
use migrate_history::Database;
use proc_macro2::{Span, TokenStream};

/// A problem and the token that it is about.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// What is wrong. In a box, since the reading of an expression has it on the stack once for each of its levels.
    pub problem: Box<Problem>,
    /// Where.
    pub span: Span,
    /// The tokens that its help replaces, where they are not what is at its place.
    pub replaced: Option<Range>,
    /// What is said in its place in a history that does not support the database which its help is for.
    pub unserved: Option<Unserved>,
}

/// What is wrong with what only a database has that is not supported.
#[derive(Clone, Debug)]
pub struct Unserved {
    /// Whether a database has it.
    pub needs: fn(Database) -> bool,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: &'static str,
}

/// What a rule of the grammar gives back.
pub type Parse<T> = Result<T, Diagnostic>;

impl Diagnostic {
    /// A problem of the grammar.
    pub fn new(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { problem: Box::new(Problem::new(code, Slot::statement(), message)), span, replaced: None, unserved: None }
    }

    /// Says what to write instead, unless something nearer was said already.
    #[must_use]
    pub fn help(mut self, help: impl Into<Help>) -> Diagnostic {
        *self.problem = self.problem.help(help);
        self
    }

    /// Says what to write instead where something is near.
    #[must_use]
    pub fn help_if(mut self, help: Option<impl Into<Help>>) -> Diagnostic {
        *self.problem = self.problem.help_if(help);
        self
    }

    /// The same in a history that supports these databases.
    #[must_use]
    pub fn serving(mut self, databases: &[Database]) -> Diagnostic {
        if let Some(Unserved { message, help, .. }) =
            self.unserved.take_if(|unserved| !databases.iter().any(|database| (unserved.needs)(*database)))
        {
            self.problem.message = message;
            self.problem.help = Some(help.into());
        }
        self
    }

    /// An error that rustc shows at the token.
    pub fn to_compile_error(&self) -> TokenStream {
        syn::Error::new(self.span, &*self.problem).into_compile_error()
    }
}

impl From<syn::Error> for Diagnostic {
    fn from(error: syn::Error) -> Diagnostic {
        Diagnostic::new("syntax", error.span(), error.to_string())
    }
}
