//! What a database says of itself: its own dump of the schema, and every row.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use crate::session::Session;
use crate::shell;

/// A database at one moment. The order of columns is left out: it is the one thing that a downgrade need not restore.
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

/// What the catalogue of PostgreSQL says of the tables of a database, or SQLite's own texts: as exact as a dump, and without a process.
///
/// # Panics
/// The database refuses a question.
pub async fn catalogue(session: &mut Session) -> BTreeSet<Vec<String>> {
    match session {
        Session::Postgres(_) => session.column(CATALOGUE).await.into_iter().map(|line| vec![line]).collect(),
        Session::Sqlite(_) => {
            let texts =
                session.column("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
            texts.await.iter().filter(|one| !is_ours(one)).map(|one| apart(parts(one))).collect()
        }
    }
}

/// A line for each column, constraint, index, comment, sequence, schema and extension of what is not the migrations' own.
const CATALOGUE: &str = "
    WITH own AS (
        SELECT c.oid, c.relname, n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND c.relname NOT LIKE 'migrate\\_%')
    SELECT 'table ' || name || coalesce(' comment ' || obj_description(oid, 'pg_class'), '') FROM own
    UNION ALL SELECT concat_ws(' ', 'column', name, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            a.attgenerated, pg_get_expr(d.adbin, d.adrelid), 'comment ' || col_description(a.attrelid, a.attnum))
        FROM own JOIN pg_attribute a ON a.attrelid = own.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL SELECT concat_ws(' ', 'constraint', name, conname, pg_get_constraintdef(c.oid), condeferrable, condeferred, convalidated)
        FROM own JOIN pg_constraint c ON c.conrelid = own.oid
    UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' ' || i.indisvalid FROM own JOIN pg_index i ON i.indrelid = own.oid
    UNION ALL SELECT concat_ws(' ', 'sequence', s.relname, format_type(q.seqtypid, NULL), own.name, d.deptype)
        FROM own JOIN pg_depend d ON d.refobjid = own.oid JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'
        JOIN pg_sequence q ON q.seqrelid = s.oid
    UNION ALL SELECT 'schema ' || nspname FROM pg_namespace
        WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
    UNION ALL SELECT 'extension ' || extname FROM pg_extension
    ORDER BY 1";

/// The migration's own tables are none of the schema.
fn is_ours(text: &str) -> bool {
    text.contains("migrate_ledger")
        || text.contains("migrate_journal")
        || text.contains("migrate_format")
        || text.contains("migrate_lock")
        || text.contains("migrate_rows")
        || text.contains("migrate_kept")
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
        let doubled = |name: &str, quote: &str| name.replace(quote, &quote.repeat(2));
        let value = |column: &String| format!("'{}=' || quote(\"{}\")", doubled(column, "'"), doubled(column, "\""));
        let values: Vec<String> = columns.iter().map(value).collect();
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
        let name = name(column);
        let references = format!(" FOREIGN KEY ({name}) REFERENCES ");
        apart.extend(pieces.map(|piece| format!("CONSTRAINT {piece}").replacen(" REFERENCES ", &references, 1)));
        apart.push(column.to_owned());
    }
    apart.sort();
    apart
}

/// The quoted name that a column begins with.
fn name(column: &str) -> &str {
    let mut quotes = 0;
    let end = column.find(|letter: char| {
        quotes += usize::from(letter == '"');
        letter == ' ' && quotes % 2 == 0
    });
    column.get(..end.unwrap_or(column.len())).unwrap_or_default()
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
