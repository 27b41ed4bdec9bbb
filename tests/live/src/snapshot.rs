//! What a database says of itself: its own dump of the schema, and every row.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::shell;

/// A database at one moment. The order of columns is left out: it is the one thing that a way back need not restore.
#[derive(Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Every statement of the dump, each as the sorted list of its parts.
    pub schema: BTreeSet<Vec<String>>,
    /// The rows of each table, each as text, sorted.
    pub rows: BTreeMap<String, Vec<String>>,
}

impl Snapshot {
    /// Asks the database.
    pub async fn take(url: &str) -> Snapshot {
        if url.starts_with("sqlite") { sqlite(url).await } else { postgres(url).await }
    }
}

/// The migration's own tables are none of the schema.
fn is_ours(text: &str) -> bool {
    text.contains("migrate_ledger")
        || text.contains("migrate_journal")
        || text.contains("migrate_format")
        || text.contains("migrate_meta")
}

async fn postgres(url: &str) -> Snapshot {
    let dump = Command::new("pg_dump").args(["--schema-only", "--no-owner", "-d", url]).output().expect("pg_dump is installed");
    assert!(dump.status.success(), "{}", String::from_utf8_lossy(&dump.stderr));
    let dump = String::from_utf8(dump.stdout).expect("a dump is text");
    let plain: Vec<&str> = dump.lines().filter(|line| !line.starts_with("--") && !line.starts_with('\\')).collect();
    let statements = plain.join("\n");
    let statements =
        statements.split(";\n").map(str::trim).filter(|one| !one.is_empty() && !one.starts_with("SET ") && !is_ours(one));
    let tables =
        shell::ask(url, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'migrate\\_%'")
            .await;
    let mut rows = BTreeMap::new();
    for table in tables {
        let mut found = shell::ask(url, &format!("SELECT to_jsonb(t)::text FROM \"{table}\" t")).await;
        found.sort();
        rows.insert(table, found);
    }
    Snapshot { schema: statements.map(parts).collect(), rows }
}

async fn sqlite(url: &str) -> Snapshot {
    let statements =
        shell::ask(url, "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").await;
    let schema = statements.iter().filter(|one| !is_ours(one)).map(|one| apart(parts(one))).collect();
    let tables = shell::ask(url, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'migrate\\_%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'").await;
    let mut rows = BTreeMap::new();
    for table in tables {
        let mut columns = shell::ask(url, &format!("SELECT name FROM pragma_table_info('{table}')")).await;
        columns.sort();
        let values: Vec<String> = columns.iter().map(|column| format!("'{column}=' || quote(\"{column}\")")).collect();
        let mut found = shell::ask(url, &format!("SELECT {} FROM \"{table}\"", values.join(" || ' ' || "))).await;
        found.sort();
        rows.insert(table, found);
    }
    Snapshot { schema, rows }
}

/// A column's constraints as the table's: `ALTER TABLE … ADD COLUMN` can only say them with the column.
fn apart(parts: Vec<String>) -> Vec<String> {
    let mut apart = Vec::new();
    for part in parts {
        let mut pieces = part.split(" CONSTRAINT ");
        let column = pieces.next().unwrap_or_default();
        let name = column.split(' ').next().unwrap_or_default();
        let references = format!(" FOREIGN KEY ({name}) REFERENCES ");
        apart.extend(pieces.map(|piece| format!("CONSTRAINT {piece}").replacen(" REFERENCES ", &references, 1)));
        apart.push(column.to_owned());
    }
    apart.sort();
    apart
}

/// A statement as its head and the parts in its outermost parentheses, sorted: white space and order do not count.
fn parts(statement: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut depth, mut quote) = (0_i32, None);
    for letter in statement.chars() {
        match (quote, letter) {
            (None, '\'' | '"') => quote = Some(letter),
            (Some(open), _) if open == letter => quote = None,
            (None, '(') => depth += 1,
            (None, ')') => depth -= 1,
            (None, ',') if depth == 1 => parts.push(String::new()),
            _ => {}
        }
        let opens = letter == '(' && depth == 1 && quote.is_none();
        if let Some(part) = parts.last_mut()
            && !(letter == ',' && depth == 1 && quote.is_none())
        {
            part.push(letter);
        }
        if opens {
            parts.push(String::new());
        }
    }
    let mut parts: Vec<String> = parts.iter().map(|part| words(part)).collect();
    if let Some(last) = parts.last_mut() {
        *last = last.strip_suffix(')').unwrap_or(last).trim().to_owned();
    }
    parts.sort();
    parts
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
