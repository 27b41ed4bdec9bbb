//! The databases: changes and expressions as their SQL. What one cannot do is [`Unsupported`], never silence.

mod expr;
pub mod function;
pub(crate) mod guard;
mod infix;
mod postgres;
pub(crate) use postgres::{access, check_now};
pub mod quote;
mod source;
mod sqlite;
mod table;
pub(crate) mod tally;
pub(crate) mod typing;

use crate::ddl::Ddl;
use crate::expr::Expr;
use crate::history::{Action, Database};
use crate::problem::{Role, Slot};
use crate::schema::Column;
use crate::types::Type;

/// What a database cannot do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// In the user's words: "SQLite has no arrays".
    pub what: String,
    /// The word that asks for it.
    pub slot: Slot,
    /// What to write instead.
    pub help: Option<String>,
}

impl Unsupported {
    fn new(role: Role, word: impl Into<String>, what: impl Into<String>) -> Unsupported {
        Unsupported { what: what.into(), slot: Slot::new(role, word), help: None }
    }

    #[must_use]
    fn help(self, help: impl Into<String>) -> Unsupported {
        Unsupported { help: Some(help.into()), ..self }
    }
}

/// SQL, or what stands in the way.
pub type Sql = Result<String, Unsupported>;

/// A change as statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The statements, in order, without closing semicolons.
    pub statements: Vec<(Action, String)>,
    /// Whether a table is built anew; see [`crate::history::Step::rebuild`].
    pub rebuild: bool,
}

impl Rendered {
    /// Statements that simply run.
    fn run(statements: impl IntoIterator<Item = String>) -> Rendered {
        Rendered { statements: statements.into_iter().map(|sql| (Action::Run, sql)).collect(), rebuild: false }
    }
}

/// A change as the statements of a database.
///
/// # Errors
/// What the database cannot do.
pub fn render(database: Database, ddl: &Ddl) -> Result<Rendered, Unsupported> {
    if let Ddl::Raw { texts } = ddl {
        return raw(database, texts);
    }
    match database {
        Database::Postgres => postgres::render(ddl),
        Database::Sqlite => sqlite::render(ddl),
    }
}

/// What a type is declared as.
///
/// # Errors
/// A type that the database does not have.
pub fn type_name(database: Database, ty: &Type) -> Sql {
    match database {
        Database::Postgres => postgres::types::name(ty),
        Database::Sqlite => sqlite::types::name(ty),
    }
}

/// An expression over the columns of a table as the database reads it. Their types count: SQLite is told how to convert.
///
/// # Errors
/// An operator, a function or a type that the database does not have.
pub fn expression(database: Database, columns: &[Column], expr: &Expr) -> Sql {
    expr::render(database, columns, expr)
}

/// The user's own SQL for a database: the database's text, or the one for all others.
pub(crate) fn raw_text(database: Database, texts: &[(Option<Database>, String)]) -> Option<&str> {
    let own = texts.iter().find(|(of, _)| *of == Some(database));
    own.or_else(|| texts.iter().find(|(of, _)| of.is_none())).map(|(_, text)| text.as_str())
}

fn raw(database: Database, texts: &[(Option<Database>, String)]) -> Result<Rendered, Unsupported> {
    let missing = || {
        let what = format!("this `sql` says nothing for {database}");
        Unsupported::new(Role::Word, "sql", what).help(format!("add `{}: \"…\"`", database.word()))
    };
    raw_text(database, texts).map(|sql| Rendered::run([sql.to_owned()])).ok_or_else(missing)
}
