//! The comment on a column.

use std::fmt;

use super::{change, column_operation, find};
use crate::ddl::{Change, Ddl};
use crate::effect::Effects;
use crate::footprint::{Footprint, Part};
use crate::name::{Name, Written};
use crate::operation::about::About;
use crate::operation::alter::alter;
use crate::operation::{Operate, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::schema::Schema;

column_operation! {
    /// `comment COLUMN "…";`
    CommentColumn {
        /// The column.
        column: String,
        /// The comment; an empty text removes it.
        comment: Option<String>,
    }
    |this| format!("comment {} {:?};", Written(&this.column), this.comment.as_deref().unwrap_or_default())
}

impl Operate for CommentColumn {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((_, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.comment == self.comment {
            let why = format!("`{}` already has this comment", Written(&self.column));
            resolve::changes_nothing(Role::Column, &self.column, why, problems);
        }
        change(schema, &self.table, &self.column, |column| column.comment.clone_from(&self.comment));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column));
        let comment = column.and_then(|column| column.comment.clone());
        Reversal::Back(vec![CommentColumn { table: self.table.clone(), column: self.column.clone(), comment }.into()])
    }

    fn about(&self, _before: &Schema) -> About {
        About::column(&self.table, &self.column)
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    fn touches(&self, _before: &Schema, footprint: &mut Footprint) {
        footprint.read(&self.table, Part::Column(self.column.clone()));
        footprint.write(&self.table, Part::ColumnComment(self.column.clone()));
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::Comment(self.column.clone(), self.comment.clone())])
    }
}
