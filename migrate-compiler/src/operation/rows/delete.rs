//! `delete from TABLE` and `truncate TABLE`

use std::fmt;

use super::reach::reached;
use super::{rows, touches_reached};
use crate::check::expr::Owner;
use crate::check::rows as check;
use crate::ddl::Ddl;
use crate::effect::{Break, Demand, Effects, Reach};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::rows::{RowChange, Which};
use crate::schema::{ForeignKey, ReferentialAction, Schema};

/// `delete from TABLE [where EXPR];`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteRows {
    /// The table.
    pub table: Name,
    /// The rows.
    pub which: Which,
    /// Who says that they go.
    pub author: Deleter,
}

/// Who says that rows go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deleter {
    /// The author of the migration: foreign keys may delete other rows too.
    User,
    /// The compiler: the upgrade inserted them, and nothing else may go with them.
    Compiler,
}

/// `truncate TABLE;`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truncate {
    /// The table.
    pub table: Name,
}

impl fmt::Display for DeleteRows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "delete from {}{};", self.table, self.which)
    }
}

impl fmt::Display for Truncate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "truncate {};", self.table)
    }
}

impl Operate for DeleteRows {
    fn complete(&mut self, before: &Schema) {
        before.resolve(&mut self.which);
        self.which.condition_mut().into_iter().for_each(|condition| condition.qualify(&self.table, before.tables()));
    }

    /// The rules of [`check::which`].
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(body) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        check::which(Owner::of(schema, &self.table, body), (0, &self.which), problems);
    }

    /// The schema stays as it is. Whether the rows need an `undo` is told by the [effects](Effects::reaches).
    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(Vec::new())
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).changing_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.which.condition().into_iter().map(|expr| (vec![&self.table], expr)).collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let demands = before.incoming(&self.table).filter(|(_, _, key)| self.asks(key));
        let demands = demands.map(|(owner, _, key)| self.unreferred(owner, key)).collect();
        match self.author {
            Deleter::User => {
                let all = matches!(self.which, Which::All).then(|| Break::DeletedAll { table: self.table.clone() });
                let reaches = reached(before, &self.table, Reach::Deleted);
                Effects { demands, reaches, breaks: all.into_iter().collect(), ..Effects::default() }
            }
            Deleter::Compiler => Effects { demands, ..Effects::default() },
        }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.table, Part::Rows);
        footprint.read(&self.table, Part::Itself);
        self.which.condition().into_iter().for_each(|condition| footprint.read_value(before, (&self.table, None), condition));
        touches_reached(before, &self.table, Reach::Deleted, footprint);
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        rows(&self.table, before, RowChange::Delete { which: self.which.clone() })
    }
}

impl DeleteRows {
    /// Whether rows that refer to the deleted rows are counted: those that would make the delete fail, and, where no other rows may be deleted, all.
    /// What a query finds then is not known before; the statement itself fails at such rows.
    fn asks(&self, key: &ForeignKey) -> bool {
        if self.which.condition().is_some_and(Expr::has_query) {
            return false;
        }
        match (self.author, key.on_delete) {
            (Deleter::Compiler, _) | (Deleter::User, ReferentialAction::NoAction | ReferentialAction::Restrict) => true,
            (Deleter::User, ReferentialAction::Cascade | ReferentialAction::SetNull | ReferentialAction::SetDefault) => false,
        }
    }

    fn unreferred(&self, owner: &Name, key: &ForeignKey) -> Demand {
        Demand::NotReferred {
            table: owner.clone(),
            columns: key.columns.clone(),
            target: self.table.clone(),
            references: key.references.clone(),
            which: self.which.clone(),
        }
    }
}

impl Operate for Truncate {
    fn complete(&mut self, _before: &Schema) {}

    /// Rule `truncate_referenced`.
    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        if resolve::table(schema, &self.table, Role::Table, problems).is_some() {
            check::truncate(schema, &self.table, problems);
        }
    }

    /// The schema stays as it is. Whether the rows need an `undo` is told by the [effects](Effects::reaches).
    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(Vec::new())
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table).changing_rows()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let breaks = vec![Break::Truncated { table: self.table.clone() }];
        Effects { reaches: reached(before, &self.table, Reach::Deleted), breaks, ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        footprint.write(&self.table, Part::Rows);
        footprint.read(&self.table, Part::Itself);
        touches_reached(before, &self.table, Reach::Deleted, footprint);
    }

    fn lower(&self, before: &Schema, _after: &Schema) -> Vec<Ddl> {
        rows(&self.table, before, RowChange::Truncate)
    }
}
