//! The comparison as far as SQL can make it, for a script.

use super::compare::{Affinity, affinity, is_key, is_row_number};
use super::expected::Expected;
use super::table::{IndexShape, RuleShape, TableShape};
use crate::sql::{self, LedgerDialect as _};

/// Words whose number in the text of a table, without its white space, says how many rules of a kind it has that no pragma lists.
const WORDS: [&str; 7] = ["CHECK(", "COLLATE", "ONCONFLICT", "INITIALLYDEFERRED", "WITHOUTROWID", ")STRICT", ",STRICT"];

impl Expected {
    /// A query for the number of differences that SQL can find. `text` is what this was read from.
    pub fn query(&self, text: &str) -> String {
        let name = sql::SqliteDialect.literal(&self.table.name);
        let create = text.split(";\n").next().unwrap_or_default();
        let mut counts = vec![
            both_ways(&format!("SELECT {COLUMN} FROM pragma_table_xinfo({name})"), &columns(&self.table)),
            both_ways(&format!("SELECT {KEY} FROM pragma_foreign_key_list({name})"), &keys(&self.table)),
            format!("(WITH keys AS ({}) {KEYS} <> {})", key_sets(&name), unique(&self.table)),
            words(&name, create),
        ];
        let texts = text.split(";\n").skip(1);
        counts.extend(self.indexes.iter().zip(texts).map(|(index, text)| same_index(index, text)));
        format!("SELECT {}", counts.join("\n    + "))
    }
}

const COLUMN: &str = "lower(name), CASE WHEN upper(type) LIKE '%INT%' THEN 'number' \
     WHEN upper(type) LIKE '%CHAR%' OR upper(type) LIKE '%CLOB%' OR upper(type) LIKE '%TEXT%' THEN 'text' \
     WHEN upper(type) LIKE '%BLOB%' OR type = '' THEN 'blob' \
     WHEN upper(type) LIKE '%REAL%' OR upper(type) LIKE '%FLOA%' OR upper(type) LIKE '%DOUB%' THEN 'real' ELSE 'number' END, \
     pk > 0 OR \"notnull\", coalesce(upper(dflt_value), 'NULL') <> 'NULL', pk > 0, hidden > 0";

/// The same in the database, where there is an index for each order of the columns.
const KEYS: &str = "SELECT (SELECT count(DISTINCT columns) FROM keys \
     WHERE origin = 'u' AND columns NOT IN (SELECT columns FROM keys WHERE origin = 'pk'))";

const KEY: &str = "lower(\"from\"), lower(\"table\"), on_delete, on_update";

/// How many rows one has that the other has not.
fn both_ways(is: &str, wanted: &str) -> String {
    format!("(SELECT count(*) FROM ({is} EXCEPT {wanted}))\n    + (SELECT count(*) FROM (SELECT * FROM ({wanted}) EXCEPT {is}))")
}

/// Rows of values; a query without rows where there are none, of as many columns.
fn values(rows: Vec<String>, nothing: &str) -> String {
    if rows.is_empty() { format!("SELECT {nothing} WHERE FALSE") } else { format!("VALUES {}", rows.join(", ")) }
}

/// The columns of each index that SQLite made for a constraint, in one order.
fn key_sets(name: &str) -> String {
    let sorted = "SELECT lower(name) AS name FROM pragma_index_info(list.name) ORDER BY 1";
    format!("SELECT origin, (SELECT group_concat(name) FROM ({sorted})) AS columns FROM pragma_index_list({name}) AS list")
}

fn columns(table: &TableShape) -> String {
    let row = |column: &super::table::ColumnShape| {
        let name = sql::SqliteDialect.literal(&column.name.to_ascii_lowercase());
        let stored = match affinity(&column.ty) {
            Affinity::Number => "number",
            Affinity::Text => "text",
            Affinity::Blob => "blob",
            Affinity::Real => "real",
        };
        let key = u8::from(is_key(table, column));
        let (filled, default) = (u8::from(column.not_null.is_some()) | key, u8::from(column.default.is_some()));
        format!("({name}, '{stored}', {filled}, {default}, {key}, {})", u8::from(column.generated.is_some()))
    };
    values(table.columns.iter().map(row).collect(), "1, 2, 3, 4, 5, 6")
}

fn keys(table: &TableShape) -> String {
    let mut rows = Vec::new();
    for rule in &table.rules {
        if let RuleShape::ForeignKey(key) = rule {
            let action = |event: &str| {
                let found = key.actions.iter().find_map(|action| action.strip_prefix(event));
                sql::SqliteDialect.literal(&found.unwrap_or("no action").to_uppercase())
            };
            let (delete, update) = (action("on delete "), action("on update "));
            let table = sql::SqliteDialect.literal(&key.table);
            let row = |column: &String| format!("({}, {table}, {delete}, {update})", sql::SqliteDialect.literal(column));
            rows.extend(key.columns.iter().map(row));
        }
    }
    values(rows, "1, 2, 3, 4")
}

/// How many sets of columns the unique constraints make distinct that the primary key does not.
fn unique(table: &TableShape) -> usize {
    let mut keys: Vec<&Vec<String>> = Vec::new();
    for rule in &table.rules {
        if let RuleShape::Unique { columns, .. } = rule {
            keys.push(columns);
        }
    }
    keys.sort();
    keys.dedup();
    keys.retain(|columns| !is_indexed_key(table, columns));
    keys.len()
}

/// Whether these are the primary key, and not the number of the row, which has no index.
fn is_indexed_key(table: &TableShape, columns: &[String]) -> bool {
    let is_number = table.columns.iter().any(|column| is_row_number(table, column));
    let is_key = |rule: &RuleShape| matches!(rule, RuleShape::PrimaryKey { columns: key, .. } if key == columns);
    !is_number && table.rules.iter().any(is_key)
}

fn words(name: &str, create: &str) -> String {
    let create = plain(create, &SPACE);
    let count = |word: &str| {
        let wanted = create.matches(word).count() * word.len();
        format!("length(text) - length(replace(text, '{word}', '')) <> {wanted}")
    };
    let counts: Vec<String> = WORDS.into_iter().map(count).collect();
    format!(
        "coalesce((SELECT {} FROM (SELECT {} AS text FROM sqlite_schema \
         WHERE name = {name} COLLATE NOCASE AND type = 'table')), 1)",
        counts.join(" OR "),
        plain_sql(&SPACE)
    )
}

fn same_index(index: &IndexShape, text: &str) -> String {
    format!(
        "coalesce((SELECT {} <> {} FROM sqlite_schema WHERE name = {} COLLATE NOCASE AND type = 'index'), 1)",
        plain_sql(&FORM),
        sql::SqliteDialect.literal(&plain(text, &FORM)),
        sql::SqliteDialect.literal(&index.name)
    )
}

/// White space.
const SPACE: [(&str, &str); 2] = [(" ", ""), ("\n", "")];

/// What can be written in several ways, without which two texts are alike.
const FORM: [(&str, &str); 14] = [
    (" ", ""),
    ("\n", ""),
    ("\t", ""),
    ("\"", ""),
    ("`", ""),
    ("[", ""),
    ("]", ""),
    ("(", ""),
    (")", ""),
    ("==", "="),
    ("!=", "<>"),
    ("ASC", ""),
    ("IFNOTEXISTS", ""),
    ("MAIN.", ""),
];

/// A text in upper case with these parts replaced.
fn plain(text: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().fold(text.to_ascii_uppercase(), |text, (from, to)| text.replace(from, to))
}

/// The same of the text of an object, in SQL.
fn plain_sql(parts: &[(&str, &str)]) -> String {
    let text =
        |text: &str| sql::SqliteDialect.literal(text).replace('\n', "' || char(10) || '").replace('\t', "' || char(9) || '");
    parts.iter().fold("upper(sql)".to_owned(), |sql, (from, to)| format!("replace({sql}, {}, {})", text(from), text(to)))
}
