//! A question of the user's own, asked before the upgrade touches anything.

use std::fmt;

use migrate_history::Database;

use crate::ddl::Ddl;
use crate::effect::{Effects, Expectation};
use crate::footprint::{Footprint, Part};
use crate::operation::about::About;
use crate::operation::texts::WrittenTexts;
use crate::operation::{Operate, Reversal};
use crate::problem::Problems;
use crate::raw;
use crate::schema::Schema;

/// `expect "no duplicates" sql("SELECT count(*) …");`: the migration is refused where the count is not 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expect {
    /// What is expected, in the user's words.
    pub what: String,
    /// The query for each database; `None` is for every database that has none of its own.
    pub texts: Vec<(Option<Database>, String)>,
}

impl fmt::Display for Expect {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "expect {:?} ", self.what)?;
        write!(out, "{}", WrittenTexts { texts: &self.texts, around: ("(", ")") })?;
        out.write_str(";")
    }
}

impl Operate for Expect {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        for database in schema.databases.iter() {
            let text = crate::sql::raw_text(*database, &self.texts);
            text.and_then(|text| raw::query(text, *database)).into_iter().for_each(|problem| problems.push(problem));
        }
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(Vec::new())
    }

    fn about(&self, _before: &Schema) -> About {
        About::default()
    }

    fn sends_statements(&self) -> bool {
        false
    }

    fn effects(&self, _before: &Schema) -> Effects {
        let Expect { what, texts } = self.clone();
        Effects { expects: Some(Expectation { what, texts }), ..Effects::default() }
    }

    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        for table in self.texts.iter().flat_map(|(_, text)| before.tables().named_in(text)) {
            footprint.read(table, Part::All);
        }
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        Vec::new()
    }
}
