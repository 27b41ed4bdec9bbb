//! The user's own Rust.

use std::fmt;

use migrate_history::Calls;

use crate::ddl::Ddl;
use crate::effect::Effects;
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::operation::about::About;
use crate::operation::{Operate, Operation, Reversal, resolve};
use crate::problem::{Problems, Role};
use crate::schema::Schema;

/// `run PATH`: an async function of the program, which the compiler does not read. It changes rows, and nothing of the schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunProgram {
    /// The path of the function, as it is written.
    pub path: String,
    /// How it is called.
    pub calls: Calls,
    /// The tables that it works on; all of them where none is named.
    pub tables: Vec<Name>,
}

impl fmt::Display for RunProgram {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "run {}{}", self.path, self.words())?;
        for (place, table) in self.tables.iter().enumerate() {
            write!(out, "{} {table}", if place == 0 { " on" } else { "," })?;
        }
        out.write_str(";")
    }
}

impl Operate for RunProgram {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        for table in &self.tables {
            resolve::table(schema, table, Role::Table, problems);
        }
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let text = self.to_string();
        let (module, name) = self.path.rsplit_once("::").map_or(("", &*self.path), |(module, name)| (module, name));
        let undo = if module.is_empty() { format!("undo_{name}") } else { format!("{module}::undo_{name}") };
        Reversal::Impossible {
            why: "the compiler does not read Rust functions".to_owned(),
            write: format!("{} undo {undo}{};", text.trim_end_matches(';'), self.words()),
        }
    }

    fn about(&self, _before: &Schema) -> About {
        About { raw: Some(Vec::new()), ..About::default() }.changing_rows()
    }

    fn sends_statements(&self) -> bool {
        false
    }

    fn effects(&self, _before: &Schema) -> Effects {
        Effects::default()
    }

    /// The function may read the tables in any way, and change their rows.
    fn touches(&self, before: &Schema, footprint: &mut Footprint) {
        for table in self.tables_in(before) {
            footprint.read(table, Part::All);
            footprint.write(table, Part::Rows);
        }
    }

    fn lower(&self, _before: &Schema, _after: &Schema) -> Vec<Ddl> {
        vec![Ddl::Program { path: self.path.clone(), calls: self.calls, tables: self.tables.clone() }]
    }
}

impl RunProgram {
    /// How it is called, after its path.
    fn words(&self) -> &'static str {
        match self.calls {
            Calls::Once => "",
            Calls::InBatches => " in batches",
            Calls::Outside => " outside of a transaction",
        }
    }

    /// The tables of a schema that it may work on.
    pub(crate) fn tables_in<'s>(&'s self, schema: &'s Schema) -> Vec<&'s Name> {
        if self.tables.is_empty() { schema.tables().iter().map(|(name, _)| name).collect() } else { self.tables.iter().collect() }
    }
}

impl Operation {
    /// The operation as a call of a function, where it is one.
    pub fn program(&self) -> Option<&RunProgram> {
        if let Operation::RunProgram(program) = self { Some(program) } else { None }
    }

    /// Whether the compiler does not read what it does: raw SQL, or a function of the program.
    pub fn is_unread(&self) -> bool {
        self.raw().is_some() || self.program().is_some()
    }
}
