//! The SQL of a migration in one direction, as a file that squawk reads.

use std::fmt::Write;

use migrate_history::{BatchRows, Cursor, Mode, Step, Touches};

/// A file, and where its statements are in it.
#[derive(Default)]
pub struct Text {
    /// What squawk reads.
    pub sql: String,
    statements: Vec<Placed>,
}

/// A statement in a file.
pub struct Placed {
    /// The line on which it begins, from 0.
    line: usize,
    /// What it is.
    pub sql: String,
    /// What its step locks, and does with the rows.
    pub touches: Touches,
    /// Whether the step has a probe.
    pub is_probed: bool,
}

impl Text {
    /// Transactions between BEGIN and COMMIT, other statements outside of any. Of batches it is the first.
    pub fn of(steps: &[Step]) -> Text {
        let mut text = Text::default();
        for step in steps {
            match &step.mode {
                Mode::Transaction { .. } => text.in_transaction(step, str::to_owned),
                Mode::Batches { cursor, .. } => text.in_transaction(step, |sql| first_batch(*cursor, sql)),
                Mode::Alone => text.add(step, str::to_owned),
                // What it sends is not known before.
                Mode::Program { .. } => {}
                Mode::Unknown { .. } => panic!("no operation is run so: {step:?}"),
            }
        }
        text
    }

    fn in_transaction(&mut self, step: &Step, filled: impl Fn(&str) -> String) {
        self.sql += "BEGIN;\n";
        self.add(step, filled);
        self.sql += "COMMIT;\n";
    }

    fn add(&mut self, step: &Step, filled: impl Fn(&str) -> String) {
        for statement in step.statements.iter() {
            let (line, sql) = (self.sql.lines().count(), filled(&statement.sql));
            let _ = writeln!(self.sql, "{sql};");
            self.statements.push(Placed { line, sql, touches: step.touches.clone(), is_probed: step.probe.is_some() });
        }
    }

    /// The statement of a line.
    pub fn statement(&self, line: usize) -> &Placed {
        let before = self.statements.iter().take_while(|statement| statement.line <= line);
        before.last().unwrap_or_else(|| panic!("no statement at line {line} of:\n{}", self.sql))
    }
}

/// A batch with its cursor and its end, as the runner fills them in.
fn first_batch(cursor: Cursor, sql: &str) -> String {
    let upto = match cursor {
        Cursor::Text => vec!["'(511,0)'".to_owned()],
        Cursor::Key => vec!["'1'".to_owned(); 8],
    };
    BatchRows { after: None, upto: Some(upto), rows: 1_000 }.fill(cursor, sql)
}
