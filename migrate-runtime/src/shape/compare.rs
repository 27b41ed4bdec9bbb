//! How a table differs from what it should be.

use super::expected::Expected;
use super::parse;
use super::table::{ColumnShape, ForeignKeyShape, IndexShape, RuleShape, TableShape};
use super::token::statements;

/// An object of the database: what it is, its name, and the text that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaObject {
    pub kind: String,
    pub name: String,
    pub sql: String,
}

/// Every difference, as a phrase; empty where there is none.
pub(crate) fn differences(expected: &Expected, found: &[SchemaObject]) -> Vec<String> {
    let is_table = |object: &&SchemaObject| object.kind != "index" && object.name.eq_ignore_ascii_case(&expected.table.name);
    let Some(object) = found.iter().find(is_table) else { return vec!["the table is missing".to_owned()] };
    let read = statements(&object.sql).and_then(|statements| parse::table(statements.first()?));
    let Some(table) = read else {
        return vec![format!("it is not an ordinary table, or its definition cannot be read: {}", object.sql)];
    };
    let mut differences = tables(&expected.table, &table);
    for index in &expected.indexes {
        let object = found.iter().find(|object| object.kind == "index" && object.name.eq_ignore_ascii_case(&index.name));
        differences
            .extend(object.map_or_else(|| Some(format!("index `{}` is missing", index.name)), |object| indexes(index, object)));
    }
    differences
}

fn tables(expected: &TableShape, found: &TableShape) -> Vec<String> {
    let mut differences = Vec::new();
    let is_same = |one: &ColumnShape, other: &ColumnShape| one.name.eq_ignore_ascii_case(&other.name);
    for column in &found.columns {
        match expected.columns.iter().find(|other| is_same(column, other)) {
            Some(wanted) => columns((expected, wanted), (found, column), &mut differences),
            None => differences.push(format!("column `{}` is unknown", column.name)),
        }
    }
    let missing = expected.columns.iter().filter(|column| !found.columns.iter().any(|other| is_same(column, other)));
    differences.extend(missing.map(|column| format!("column `{}` is missing", column.name)));
    rules(&expected.rules, &found.rules, &mut differences);
    let unknown = found.options.iter().filter(|option| !expected.options.contains(option));
    differences.extend(unknown.map(|option| format!("the table is `{option}`")));
    let missing = expected.options.iter().filter(|option| !found.options.contains(option));
    differences.extend(missing.map(|option| format!("the table is not `{option}`")));
    differences
}

/// Whether both defaults are `uuid()`, or both the current moment, which older versions have written in other words.
fn is_of_an_older_version(found: Option<&str>, expected: Option<&str>) -> bool {
    let both =
        |word: &str| found.is_some_and(|found| found.contains(word)) && expected.is_some_and(|wanted| wanted.contains(word));
    both("randomblob(") || both("'now'")
}

fn columns((of, expected): (&TableShape, &ColumnShape), (at, found): (&TableShape, &ColumnShape), differences: &mut Vec<String>) {
    let name = &found.name;
    if affinity(&expected.ty) != affinity(&found.ty) || is_row_number(of, expected) != is_row_number(at, found) {
        differences.push(format!("column `{name}` is of type `{}`, not `{}`", found.ty, expected.ty));
    }
    if expected.not_null != found.not_null && !(is_key(of, expected) && is_key(at, found)) {
        let is = found.not_null.as_ref().map_or("null".to_owned(), |conflict| format!("not null{conflict}"));
        let wanted = expected.not_null.as_ref().map_or("null".to_owned(), |conflict| format!("not null{conflict}"));
        differences.push(format!("column `{name}` is `{is}`, not `{wanted}`"));
    }
    let mut differ = |what: &str, is: Option<String>, wanted: Option<String>| {
        if is == wanted {
            return;
        }
        differences.push(match (is, wanted) {
            (Some(is), Some(wanted)) => format!("column `{name}` has the {what} `{is}`, not `{wanted}`"),
            (Some(is), None) => format!("column `{name}` has the {what} `{is}`"),
            (None, Some(wanted)) => format!("column `{name}` lacks the {what} `{wanted}`"),
            (None, None) => return,
        });
    };
    let default = |column: &ColumnShape| column.default.as_ref().map(ToString::to_string);
    let (is, wanted) = (default(found), default(expected));
    if !is_of_an_older_version(is.as_deref(), wanted.as_deref()) {
        differ("default", is, wanted);
    }
    differ("collation", found.collation.clone(), expected.collation.clone());
    let generated = |column: &ColumnShape| {
        let generated = column.generated.as_ref()?;
        Some(format!("{}{}", generated.value, if generated.stored { " stored" } else { "" }))
    };
    differ("generated value", generated(found), generated(expected));
}

/// The rules of one that the other has not, as often as it has them.
fn rules(expected: &[RuleShape], found: &[RuleShape], differences: &mut Vec<String>) {
    let mut left: Vec<&RuleShape> = expected.iter().collect();
    for rule in found {
        match left.iter().position(|other| is_same(other, rule)) {
            Some(at) => drop(left.swap_remove(at)),
            None => differences.push(format!("`{rule}` is unknown")),
        }
    }
    differences.extend(left.into_iter().map(|rule| format!("`{rule}` is missing")));
}

fn is_same(expected: &RuleShape, found: &RuleShape) -> bool {
    match (expected, found) {
        (RuleShape::ForeignKey(one), RuleShape::ForeignKey(other))
            if one.references.is_empty() || other.references.is_empty() =>
        {
            let without = |key: &ForeignKeyShape| ForeignKeyShape { references: Vec::new(), ..key.clone() };
            without(one) == without(other)
        }
        (expected, found) => expected == found,
    }
}

fn indexes(expected: &IndexShape, found: &SchemaObject) -> Option<String> {
    let name = &expected.name;
    let read = statements(&found.sql).and_then(|statements| parse::index(statements.first()?));
    match read {
        None => Some(format!("the definition of index `{name}` cannot be read: {}", found.sql)),
        Some(index) if index.unique == expected.unique && index.keys == expected.keys && index.filter == expected.filter => None,
        Some(index) => Some(format!("index `{name}` is `{index}`, not `{expected}`")),
    }
}

/// Whether the column is, or is part of, the primary key.
pub(super) fn is_key(table: &TableShape, column: &ColumnShape) -> bool {
    let name = column.name.to_ascii_lowercase();
    table.rules.iter().any(|rule| match rule {
        RuleShape::PrimaryKey { columns, .. } => columns.contains(&name),
        RuleShape::Unique { .. } | RuleShape::Check { .. } | RuleShape::ForeignKey(_) => false,
    })
}

/// Whether the column is the number of the row (manual, "ROWIDs and the INTEGER PRIMARY KEY").
pub(super) fn is_row_number(table: &TableShape, column: &ColumnShape) -> bool {
    let alone = table.rules.iter().any(|rule| match rule {
        RuleShape::PrimaryKey { columns, .. } => *columns == [column.name.to_ascii_lowercase()],
        RuleShape::Unique { .. } | RuleShape::Check { .. } | RuleShape::ForeignKey(_) => false,
    });
    alone && column.ty == "INTEGER" && !table.options.iter().any(|option| option == "WITHOUT ROWID")
}

/// How values are stored (manual, "Datatypes In SQLite", section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Affinity {
    Number,
    Text,
    Blob,
    Real,
}

pub(super) fn affinity(ty: &str) -> Affinity {
    let has = |words: &[&str]| words.iter().any(|word| ty.contains(word));
    if has(&["INT"]) {
        Affinity::Number
    } else if has(&["CHAR", "CLOB", "TEXT"]) {
        Affinity::Text
    } else if has(&["BLOB"]) || ty.is_empty() {
        Affinity::Blob
    } else if has(&["REAL", "FLOA", "DOUB"]) {
        Affinity::Real
    } else {
        Affinity::Number
    }
}
