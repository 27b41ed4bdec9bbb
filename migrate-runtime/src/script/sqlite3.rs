//! sqlite3, which has no variables to keep its settings in, so that it is left as a step finds it.

use super::shell::{Question, Shell};
use crate::settings::sqlite::{self, PRAGMAS};
use crate::sql::Parameter;

pub(super) struct Sqlite3;

impl Shell for Sqlite3 {
    /// Comments of sqlite3; psql stops at errors from the line after the one that sets it.
    fn stop(&self) -> &'static str {
        "# This script is for sqlite3, not for psql. \\set ON_ERROR_STOP on\n# ;\n"
    }

    fn place(&self) -> Option<&'static str> {
        None
    }

    fn schema(&self) -> Option<String> {
        None
    }

    fn by(&self) -> Parameter {
        Parameter::from("a script")
    }

    fn settled(&self, _: &str) -> String {
        format!(".bail on\n{}", self.again())
    }

    fn again(&self) -> String {
        let pragmas: Vec<String> = PRAGMAS.iter().map(|pragma| sqlite::set(*pragma) + ";").collect();
        pragmas.join(" ") + "\n"
    }

    fn put_back(&self) -> String {
        self.again()
    }

    fn locks(&self) -> Vec<Question> {
        Vec::new()
    }

    fn begin(&self) -> &'static str {
        "BEGIN IMMEDIATE"
    }

    /// A pragma does nothing inside of a transaction.
    fn around_step(&self) -> (String, String) {
        (self.again(), String::new())
    }

    fn elsewhere(&self) -> Option<Question> {
        None
    }
}
