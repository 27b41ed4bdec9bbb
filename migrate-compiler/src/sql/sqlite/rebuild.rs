//! The rebuild of a table: what SQLite's `ALTER TABLE` cannot do.
//!
//! The procedure of the manual ("ALTER TABLE", section 7, "Making Other Kinds Of Table Schema Changes"), in its order: the new
//! table is made first and takes the old one's name at the end, since renaming the old one away would take the references of
//! other tables along. The executor switches foreign keys off before the transaction and looks at them before the commit.

use migrate_history::{Action, Rebuild};

use crate::ddl::Change;
use crate::name::Name;
use crate::schema::{Index, Table};
use crate::source::Sources;
use crate::sql::sqlite::writer::writer;
use crate::sql::sqlite::{column, create, expect, index};
use crate::sql::{Rendered, Unsupported, quote, source};

/// Rebuilds the table, once for all of the changes.
pub(super) fn rebuild(name: &Name, before: &Table, after: &Table, changes: &[Change]) -> Result<Rendered, Unsupported> {
    let temporary = Name::new(format!("_migrate_new_{}", name.name));
    let mut run = vec![create::table(&temporary, name, after)?];
    run.push(copy(name, &temporary, before, changes)?);
    if column::is_numbered(before) && column::is_numbered(after) {
        run.extend(carry_number(name, &temporary));
    }
    run.push(format!("DROP TABLE {}", quote::name(name)));
    // Else the rename would look at views that name the table, which is not there for a moment, and rewrite other tables.
    run.push("PRAGMA legacy_alter_table = ON".to_owned());
    run.push(format!("ALTER TABLE {} RENAME TO {}", quote::name(&temporary), quote::ident(&name.name)));
    run.push("PRAGMA legacy_alter_table = OFF".to_owned());
    for new in &after.indexes {
        run.push(index::create(name, &after.columns, new)?);
    }
    let kept = kept(name, before.indexes.iter().chain(&after.indexes));
    let run = run.into_iter().map(|sql| (Action::Run, sql));
    let first = [(Action::Expect, expect::expect(name, before)?), (Action::Keep, kept.clone())];
    let statements = first.into_iter().chain(run).chain([(Action::Restore, kept)]).collect();
    Ok(Rendered { statements, rebuild: Rebuild::Tables })
}

/// The query for what belongs to the table and is not in the model: triggers, and indexes that raw SQL made.
fn kept<'a>(name: &Name, known: impl Iterator<Item = &'a Index>) -> String {
    let mut known: Vec<String> = known.map(|index| quote::text(index.name())).collect();
    known.sort();
    known.dedup();
    let unknown =
        if known.is_empty() { String::new() } else { format!(" AND name COLLATE NOCASE NOT IN ({})", known.join(", ")) };
    format!(
        "SELECT sql FROM sqlite_schema WHERE tbl_name = {} COLLATE NOCASE AND sql IS NOT NULL AND (type = 'trigger' OR type = 'index'{unknown}) ORDER BY rowid",
        quote::text(&name.name)
    )
}

/// The rows of the old table into the new one: every column is named, so that none gets a default of later.
fn copy(from: &Name, to: &Name, before: &Table, changes: &[Change]) -> Result<String, Unsupported> {
    let mut sources = Sources::of(before);
    changes.iter().for_each(|change| sources.follow(change));
    let (mut columns, mut values) = (Vec::new(), Vec::new());
    for (column, source) in sources.iter() {
        columns.push(column.to_owned());
        // SQLite numbers a row of which it is given no number.
        values.push(source::render(&writer(&before.columns), source, "NULL")?);
    }
    let (to, from) = (quote::name(to), quote::name(from));
    Ok(format!("INSERT INTO {to} ({}) SELECT {} FROM {from}", quote::idents(&columns), values.join(", ")))
}

/// Carries over the number that comes next, so that none is given twice.
fn carry_number(from: &Name, to: &Name) -> [String; 2] {
    let (from, to) = (quote::text(&from.name), quote::text(&to.name));
    [
        format!("DELETE FROM sqlite_sequence WHERE name = {to}"),
        format!("INSERT INTO sqlite_sequence (name, seq) SELECT {to}, seq FROM sqlite_sequence WHERE name = {from}"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::expr::Expr;
    use crate::schema::Column;
    use crate::types::Type;

    fn five(name: &str) -> Column {
        example::column(name, Type::Integer).defaulting(Expr::Number("5".into()))
    }

    fn table(columns: &[Column]) -> Table {
        Table { columns: columns.to_vec(), ..Table::default() }
    }

    fn copied(changes: &[Change]) -> String {
        let before = table(&[example::column("a", Type::Integer), example::column("b", Type::Text)]);
        copy(&"t".into(), &"new".into(), &before, changes).unwrap_or_default()
    }

    #[test]
    fn every_column_is_named_with_the_value_that_its_rows_have() {
        let later = Change::SetDefault("c".into(), Expr::Number("6".into()));
        let sql = copied(&[Change::AddColumn(five("c")), later, Change::DropDefault("c".into())]);
        assert_eq!(sql, "INSERT INTO \"new\" (\"a\", \"b\", \"c\") SELECT \"a\", \"b\", 5 FROM \"t\"");
    }

    #[test]
    fn rows_without_a_column_in_common_are_copied() {
        let drop = |name: &str, ty| Change::DropColumn(example::column(name, ty));
        let sql = copied(&[Change::AddColumn(five("c")), drop("a", Type::Integer), drop("b", Type::Text)]);
        assert_eq!(sql, "INSERT INTO \"new\" (\"c\") SELECT 5 FROM \"t\"");
        let null = copied(&[
            Change::AddColumn(example::column("c", Type::Text).null()),
            drop("a", Type::Integer),
            drop("b", Type::Text),
        ]);
        assert_eq!(null, "INSERT INTO \"new\" (\"c\") SELECT NULL FROM \"t\"");
    }

    #[test]
    fn a_column_that_comes_again_holds_nothing_of_the_old_one() {
        let sql = copied(&[Change::DropColumn(example::column("a", Type::Integer)), Change::AddColumn(five("a"))]);
        assert_eq!(sql, "INSERT INTO \"new\" (\"b\", \"a\") SELECT \"b\", 5 FROM \"t\"");
    }

    #[test]
    fn a_conversion_is_that_of_the_value() {
        let retype = |column: Column, to| Change::SetType { column, to, using: None };
        let sql = copied(&[retype(example::column("a", Type::Integer), Type::Text)]);
        assert!(sql.contains("SELECT CAST(\"a\" AS TEXT), \"b\""), "{sql}");
        let sql = copied(&[Change::AddColumn(five("c")), retype(five("c"), Type::Text)]);
        assert!(sql.ends_with("CAST(5 AS TEXT) FROM \"t\""), "{sql}");
    }
}
