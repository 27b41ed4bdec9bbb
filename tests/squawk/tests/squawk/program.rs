//! squawk, run once over all files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// The version whose findings the list was made of.
const VERSION: &str = "2.70.0";

/// Rules that squawk does not run unless it is asked to.
const OPT_IN: &str = "require-table-schema,ban-drop-index,ban-set-default,ban-disable-trigger,ban-replica-identity,ban-drop-policy,\
                      ban-revoke,ban-replace-view-function,ban-alter-policy-condition,ban-alter-policy-roles,ban-create-policy,\
                      ban-alter-function-options,ban-alter-view-options,ban-alter-role-options,ban-alter-database-options,\
                      ban-alter-row-level-security,ban-new-write-restriction,ban-add-enum-value,ban-add-composite-attribute,\
                      ban-add-column,ban-detach-inheritance,ban-alter-sequence-values,ban-alter-system-options,ban-alter-extension,\
                      ban-drop-trigger";

/// What squawk says of a line.
pub struct Finding {
    /// The place of the file among those that it was given.
    pub file: usize,
    /// The line, from 0.
    pub line: usize,
    /// The rule.
    pub rule: String,
}

/// What squawk finds in some texts.
pub fn findings<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<Finding> {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<String> = texts.enumerate().map(|(number, text)| written(folder.path(), number, text)).collect();
    let program = program();
    let mut command = Command::new(&program);
    command.args(["--reporter", "json", "--pg-version", "18.0", "--include", OPT_IN]).args(&files).current_dir(folder.path());
    let Output { stdout, stderr, .. } = command.output().unwrap();
    let said: Value = serde_json::from_slice(&stdout).unwrap_or_else(|error| {
        panic!("{error}: {}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    });
    said.as_array().unwrap().iter().map(finding).collect()
}

fn written(folder: &Path, number: usize, text: &str) -> String {
    let name = format!("{number}.sql");
    std::fs::write(folder.join(&name), text).unwrap();
    name
}

fn finding(said: &Value) -> Finding {
    let file = said["file"].as_str().unwrap().trim_end_matches(".sql").parse().unwrap();
    let line = said["line"].as_u64().unwrap().try_into().unwrap();
    Finding { file, line, rule: said["rule_name"].as_str().unwrap().to_owned() }
}

/// The program in `target/squawk`, or in PATH, in the version of the list.
fn program() -> PathBuf {
    let installed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/squawk/bin/squawk");
    let is_it = |program: &PathBuf| {
        let output = Command::new(program).arg("--version").output();
        output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("squawk {VERSION}"))
    };
    [installed, PathBuf::from("squawk")].into_iter().find(is_it).unwrap_or_else(|| {
        panic!(
            "the test needs squawk {VERSION}: python3 -m venv target/squawk && target/squawk/bin/pip install squawk-cli=={VERSION}"
        )
    })
}
