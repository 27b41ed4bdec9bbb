//! The user's own SQL.

mod seen;

use std::fmt;

use migrate_history::Database;

use crate::ddl::Ddl;
use crate::effect::{Break, Effects};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::raw::seen::SeenText;
use crate::operation::texts::WrittenTexts;
use crate::operation::{Operate, Operation, Reversal};
use crate::problem::Problems;
use crate::raw::{self, RawName};
use crate::schema::Schema;
use crate::sql::registry::features;

/// `sql "…" as { … }`: SQL that the compiler does not read, with what it does to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSql {
    /// The text for each database; `None` is for every database that has no text of its own.
    pub texts: Vec<(Option<Database>, String)>,
    /// What it does to the schema, for the model only; empty for `as nothing`, absent where nothing was said.
    pub effect: Option<Vec<Operation>>,
}

impl fmt::Display for RunSql {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", WrittenTexts { texts: &self.texts, around: (" ", "") })?;
        match self.effect.as_deref() {
            None => {}
            Some([]) => out.write_str(" as nothing")?,
            Some(operations) => {
                out.write_str(" as {")?;
                for operation in operations {
                    write!(out, " {operation}")?;
                }
                out.write_str(" }")?;
            }
        }
        out.write_str(";")
    }
}

impl Operate for RunSql {
    fn complete(&mut self, before: &Schema) {
        let mut schema = before.clone();
        for operation in self.effect.iter_mut().flatten() {
            operation.complete(&schema);
            schema = operation.applied(&schema);
        }
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        for database in schema.databases.iter() {
            let text = crate::sql::raw_text(*database, &self.texts);
            text.and_then(|text| raw::script(text, *database)).into_iter().for_each(|problem| problems.push(problem));
        }
        for operation in self.effect.iter().flatten() {
            operation.apply(schema, problems);
        }
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(effect) = &self.effect else {
            return Reversal::Impossible {
                why: "the compiler does not read raw SQL".to_owned(),
                write: "sql \"…\" undo \"…\";`, or with what it changes in the schema, `sql \"…\" as { … };".to_owned(),
            };
        };
        let mut schema = before.clone();
        let mut back: Vec<Operation> = Vec::new();
        for operation in effect {
            match operation.reverse(&schema) {
                Reversal::Back(operations) => back.splice(..0, operations),
                Reversal::Impossible { why, .. } => {
                    let write = "sql \"…\" as { … } undo \"…\";".to_owned();
                    return Reversal::Impossible { why, write };
                }
            };
            schema = operation.applied(&schema);
        }
        Reversal::Back(back)
    }

    fn restores(&self, before: &Schema) -> Vec<Operation> {
        let mut schema = before.clone();
        let mut back: Vec<Operation> = Vec::new();
        for operation in self.effect.iter().flatten() {
            back.splice(..0, operation.restores(&schema));
            schema = operation.applied(&schema);
        }
        back
    }

    fn about(&self, before: &Schema) -> About {
        let done = self.stated(before).iter().map(|(operation, schema)| operation.about(schema)).collect();
        let creates = |database: &Database| {
            let text = crate::sql::raw_text(*database, &self.texts)?;
            Some(raw::creates(text, *database).into_iter().map(|made| made.name))
        };
        let unread = before.databases.iter().filter_map(creates).flatten().collect();
        About { raw: Some(done), unread, ..About::default() }.changing_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.effect.iter().flatten().flat_map(Operation::expressions).collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let mut stated = Effects::default();
        self.stated(before).iter().for_each(|(operation, schema)| stated.add(operation.effects(schema)));
        let mut effects = Effects { breaks: self.dangers(before), ..Effects::default() };
        effects.add(self.passed_on(before, stated));
        effects
    }

    /// A table whose name is a word of the text may be read or changed in any way.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        for table in self.texts.iter().flat_map(|(_, text)| before.tables().named_in(text)) {
            footprint.read(table, Part::All);
            footprint.write(table, Part::Rows);
        }
        let mut schema = before.clone();
        for operation in self.effect.iter().flatten() {
            operation.touches(&schema, footprint);
            schema = operation.applied(&schema);
        }
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![Ddl::Raw { texts: self.texts.clone() }]
    }
}

impl Operation {
    /// The operation as raw SQL, where it is some.
    pub fn raw(&self) -> Option<&RunSql> {
        if let Operation::RunSql(raw) = self { Some(raw) } else { None }
    }

    /// The same, to say what it does to the schema.
    pub fn raw_mut(&mut self) -> Option<&mut RunSql> {
        if let Operation::RunSql(raw) = self { Some(raw) } else { None }
    }
}

impl RunSql {
    /// What it states that it does, each with the schema before it.
    pub(crate) fn stated(&self, before: &Schema) -> Vec<(&Operation, Schema)> {
        let mut schema = before.clone();
        let mut stated = Vec::new();
        for operation in self.effect.iter().flatten() {
            let after = operation.applied(&schema);
            stated.push((operation, std::mem::replace(&mut schema, after)));
        }
        stated
    }

    /// Whether a text may make the rows fit what is demanded of them, so that this cannot be asked before it.
    pub(crate) fn gives_values(&self, before: &Schema) -> bool {
        let gives = |database: &Database| {
            crate::sql::raw_text(*database, &self.texts).is_some_and(|text| raw::gives_values(text, *database))
        };
        before.databases.iter().any(gives)
    }

    /// What counts of the effects of what it states, as of the same statements of the language.
    pub(crate) fn passed_on(&self, before: &Schema, stated: Effects) -> Effects {
        let Effects { demands, outcome, keeps, removes, breaks, repeats, drops_keys, lives_in, .. } = stated;
        let kept = Effects { removes, breaks, repeats, drops_keys, lives_in, ..Effects::default() };
        if self.gives_values(before) { kept } else { Effects { demands, outcome, keeps, ..kept } }
    }

    /// What can be seen in the text that disturbs sessions of the database, on each of its databases, but for what it states: that is
    /// reported as what it is.
    pub(crate) fn dangers(&self, before: &Schema) -> Vec<Break> {
        let mut found: Vec<Break> = Vec::new();
        let stated = self.stated(before);
        let seen = SeenText { before, stated: &stated };
        for database in before.databases.iter() {
            let Some(text) = crate::sql::raw_text(*database, &self.texts) else { continue };
            let is_online = features(*database).changes_online;
            let known = |name: &RawName| !before.tables().named_in(&name.name).is_empty();
            let all = raw::dangers(text, *database, &known).into_iter();
            let new = all.filter(|one| is_online || !one.danger.is_lock()).filter_map(|one| seen.found(&one, text));
            new.for_each(|one| {
                if !found.contains(&one) {
                    found.push(one);
                }
            });
        }
        found
    }
}
