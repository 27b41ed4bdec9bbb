//! The user's own SQL.

use std::fmt;

use migrate_history::Database;

use crate::ddl::Ddl;
use crate::effect::{Break, Effects};
use crate::expr::Expr;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::texts::WrittenTexts;
use crate::operation::{Operate, Operation, Reversal};
use crate::problem::Problems;
use crate::raw::{self, Danger};
use crate::schema::Schema;

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
        let mut schema = before.clone();
        let mut done = Vec::new();
        for operation in self.effect.iter().flatten() {
            done.push(operation.about(&schema));
            schema = operation.applied(&schema);
        }
        About { raw: Some(done), ..About::default() }.changing_rows()
    }

    fn expressions(&self) -> Vec<(Vec<&Name>, &Expr)> {
        self.effect.iter().flatten().flat_map(Operation::expressions).collect()
    }

    fn effects(&self, before: &Schema) -> Effects {
        let mut effects = Effects { breaks: self.dangers(before), ..Effects::default() };
        let mut schema = before.clone();
        for operation in self.effect.iter().flatten() {
            let Effects { removes, drops_keys, .. } = operation.effects(&schema);
            if !removes.is_empty() {
                // What the effect states as dropped is reported as such, and not as a drop in the raw text too.
                effects.breaks.retain(|one| !matches!(one, Break::Raw { danger: Danger::Drop, .. }));
            }
            effects.removes.extend(removes);
            effects.drops_keys.extend(drops_keys);
            schema = operation.applied(&schema);
        }
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
    /// What can be seen in the text that disturbs sessions of the database, on each of its databases.
    fn dangers(&self, before: &Schema) -> Vec<Break> {
        let mut found: Vec<Break> = Vec::new();
        let after = self.effect.iter().flatten().fold(before.clone(), |schema, operation| operation.applied(&schema));
        for database in before.databases.iter() {
            let Some(text) = crate::sql::raw_text(*database, &self.texts) else { continue };
            let tables: Vec<Name> = before.tables().named_in(text).into_iter().cloned().collect();
            // What the text itself creates is not in use yet.
            if tables.is_empty() && !after.tables().named_in(text).is_empty() {
                continue;
            }
            let new = raw::dangers(text, *database).into_iter();
            let new = new.map(|danger| Break::Raw { danger, text: text.to_owned(), tables: tables.clone() });
            found.extend(new.filter(|one| !found.contains(one)).collect::<Vec<_>>());
        }
        found
    }
}
