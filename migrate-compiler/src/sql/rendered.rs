//! What a change becomes on a database.

use migrate_history::{Action, Database, Mode, Probe, Rebuild};

use crate::name::Name;
use crate::objects::{Kind, Support};
use crate::problem::Role;
use crate::sql::Unsupported;
use crate::sql::features::Features;

/// A change as statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The statements, in order, without closing semicolons.
    pub statements: Vec<(Action, String)>,
    /// Whether it rebuilds a table.
    pub rebuild: Rebuild,
}

/// A change of a table in use, as a step of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OnlineStep {
    /// How it is run.
    pub mode: Mode,
    /// The statements, in order, without closing semicolons.
    pub statements: Vec<String>,
    /// What decides about it where no transaction does.
    pub probe: Option<Probe>,
    /// What does the same in a transaction, where no other session needs to be let through; nothing where the statements do.
    pub plain: Vec<String>,
}

impl OnlineStep {
    /// Statements in a transaction of their own.
    pub(super) fn transaction(statements: Vec<String>) -> OnlineStep {
        let mode = Mode::Transaction { rebuild: Rebuild::Nothing };
        OnlineStep { mode, statements, probe: None, plain: Vec::new() }
    }
}

impl Rendered {
    /// The same, and statements after it.
    pub(super) fn then(mut self, statements: impl IntoIterator<Item = String>) -> Rendered {
        self.statements.extend(statements.into_iter().map(|sql| (Action::Run, sql)));
        self
    }

    /// Statements that simply run.
    pub(super) fn run(statements: impl IntoIterator<Item = String>) -> Rendered {
        Rendered { statements: statements.into_iter().map(|sql| (Action::Run, sql)).collect(), rebuild: Rebuild::Nothing }
    }
}

/// An object comes, goes or gets another name, on a database that may have none of its kind.
pub(super) fn object(
    (database, features): (Database, &Features),
    kind: Kind,
    name: &Name,
    sql: &str,
) -> Result<Rendered, Unsupported> {
    match kind.support(features) {
        Support::Own => Ok(Rendered::run([sql.to_owned()])),
        Support::ByColumns => Ok(Rendered::default()),
        Support::Missing => Err(Unsupported::new(Role::Object, name.to_string(), format!("{database} has no {}", kind.plural()))),
    }
}

/// The user's own SQL for a database: the database's text, or the one for all others.
pub(crate) fn raw_text(database: Database, texts: &[(Option<Database>, String)]) -> Option<&str> {
    let own = texts.iter().find(|(of, _)| *of == Some(database));
    own.or_else(|| texts.iter().find(|(of, _)| of.is_none())).map(|(_, text)| text.as_str())
}

/// A change in the user's own SQL.
pub(super) fn raw(database: Database, texts: &[(Option<Database>, String)]) -> Result<Rendered, Unsupported> {
    let missing = || {
        let what = format!("this `sql` has no text for {database}");
        Unsupported::new(Role::Word, "sql", what).help(format!("add `{}: \"…\"`", database.word()))
    };
    raw_text(database, texts).map(|sql| Rendered::run([sql.to_owned()])).ok_or_else(missing)
}
