//! The comment on a table.

use std::fmt;

use crate::ddl::{Change, Ddl};
use crate::effect::Effects;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::schema::Schema;

/// `comment "…";` in an `alter table` block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommentTable {
    /// The table.
    pub table: Name,
    /// The comment; an empty text removes it.
    pub comment: Option<String>,
}

impl fmt::Display for CommentTable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "alter table {} {{ comment {:?}; }}", self.table, self.comment.as_deref().unwrap_or_default())
    }
}

impl Operate for CommentTable {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = resolve::table(schema, &self.table, Role::Table, problems) else { return };
        if table.comment == self.comment {
            let why = format!("`{}` already has this comment", self.table);
            resolve::changes_nothing(Role::Table, &self.table.to_string(), why, problems);
        }
        schema.change(&self.table, |table| table.comment.clone_from(&self.comment));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let comment = before.table(&self.table).and_then(|table| table.comment.clone());
        Reversal::Back(vec![CommentTable { table: self.table.clone(), comment }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::table(&self.table)
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read(&self.table, Part::Itself);
        footprint.write(&self.table, Part::Comment);
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::CommentTable(self.comment.clone())])
    }
}
