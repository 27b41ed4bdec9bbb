//! The questions that count what a downgrade drops.

use migrate_history::{Database, LIMIT, Tally};

use crate::expr::{Expr, Unary};
use crate::name::{Name, Written};
use crate::rows::{Seeds, Which};
use crate::schema::Column;
use crate::sql::registry::writer;
use crate::sql::{self, quote};
use crate::types::Type;

/// How many rows a table has.
pub(crate) fn rows(table: &Name) -> Tally {
    Tally {
        query: count(table, None).into(),
        what: format!("rows of `{table}`").into(),
        reads: vec![table.to_string().into()].into(),
    }
}

/// How many rows a new table has besides those that the upgrade inserted and that are still as they were.
pub(crate) fn other_rows(database: Database, seeds: &[&Seeds]) -> Option<Tally> {
    let table = &seeds.first()?.table;
    let unchanged = seeds.iter().map(|seeds| unchanged(database, seeds)).collect::<Option<Vec<_>>>()?;
    let condition = unchanged.iter().map(|unchanged| format!("({unchanged}) IS NOT TRUE")).collect::<Vec<_>>().join(" AND ");
    Some(Tally { query: count(table, Some(&condition)).into(), ..rows(table) })
}

/// How many of the rows that the upgrade inserted have other values by now.
pub(crate) fn changed_rows(database: Database, seeds: &Seeds) -> Option<Tally> {
    let (table, writer) = (&seeds.table, writer(database, &seeds.body.columns));
    let query = match seeds.which.as_ref()? {
        Which::Recorded(record) => counted(&sql::rows::changed(&writer, table, record).ok()?),
        which @ (Which::All | Which::Where(_)) => {
            let condition = sql::rows::condition(&writer, which).ok()??;
            count(table, Some(&format!("({condition}) AND ({}) IS NOT TRUE", unchanged(database, seeds)?)))
        }
    };
    Some(Tally {
        query: query.into(),
        what: format!("rows of `{table}` that were changed since the upgrade inserted them").into(),
        reads: vec![table.to_string().into()].into(),
    })
}

/// How many of the rows that the upgrade inserted are there.
pub(crate) fn inserted_rows(database: Database, seeds: &Seeds) -> Option<Tally> {
    let table = &seeds.table;
    let condition = sql::rows::condition(&writer(database, &seeds.body.columns), seeds.which.as_ref()?).ok()??;
    Some(Tally {
        query: count(table, Some(&condition)).into(),
        what: format!("rows of `{table}` that the upgrade inserted").into(),
        reads: vec![table.to_string().into()].into(),
    })
}

fn unchanged(database: Database, seeds: &Seeds) -> Option<String> {
    writer(database, &seeds.body.columns).expr(seeds.unchanged.as_ref()?).ok()
}

/// How many rows have a value in a column that is neither its default nor what it was made with; not null, where that is not
/// one value.
pub(crate) fn values(database: Database, table: &Name, column: &Column, made_with: Option<&Expr>) -> Tally {
    let own = quote::ident(&column.name);
    let mut conditions = Vec::new();
    for value in made_with.into_iter().chain(&column.default) {
        let condition = differs(database, &own, value, &column.ty);
        conditions.extend(condition.filter(|condition| !conditions.contains(condition)));
    }
    if conditions.is_empty() {
        conditions.push(format!("{own} IS NOT NULL"));
    }
    let path = format!("{table}.{}", Written(&column.name));
    Tally {
        query: count(table, Some(&conditions.join(" AND "))).into(),
        what: format!("values of `{path}`").into(),
        reads: vec![table.to_string().into(), path.into()].into(),
    }
}

fn count(table: &Name, condition: Option<&str>) -> String {
    let condition = condition.map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
    counted(&format!("{}{condition}", quote::name(table)))
}

/// What is after `FROM`, counted up to the limit.
fn counted(from: &str) -> String {
    let limit = LIMIT + 1;
    format!("SELECT count(*) FROM (SELECT 1 FROM {from} LIMIT {limit}) AS counted")
}

/// When a value differs from a constant that was assigned to the column; `None` where it is not one constant.
fn differs(database: Database, column: &str, value: &Expr, ty: &Type) -> Option<String> {
    if value.is_null() {
        return Some(format!("{column} IS NOT NULL"));
    }
    let writer = writer(database, &[]);
    let assigned = is_constant(value).then(|| writer.assigned(value, ty).ok()).flatten()?;
    writer.dialect.differs(column, &assigned, ty)
}

/// Whether it is one value, the same at every time.
fn is_constant(value: &Expr) -> bool {
    match value {
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => true,
        Expr::Array(items) => items.iter().all(is_constant),
        Expr::Unary { operator: Unary::Minus, operand } => matches!(**operand, Expr::Number(_)),
        Expr::Cast { operand, .. } => is_constant(operand),
        Expr::Column(_) | Expr::Current(_) | Expr::Nextval(_) | Expr::Call { .. } | Expr::Raw(_) => false,
        Expr::Unary { operator: Unary::Not | Unary::BitNot, .. } | Expr::Is { .. } | Expr::Row(_) => false,
        Expr::Binary { .. } | Expr::IsNull { .. } | Expr::In { .. } => false,
        Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } | Expr::AtTimeZone { .. } => false,
        Expr::Qualified { .. } | Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } | Expr::Aggregate { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::types::Native;

    fn condition(database: Database, ty: Type, default: Option<Expr>, made_with: Option<Expr>) -> String {
        let mut column = example::column("c", ty);
        column.default = default;
        let query = values(database, &"t".into(), &column, made_with.as_ref()).query;
        let query = query.strip_prefix("SELECT count(*) FROM (SELECT 1 FROM \"t\" WHERE ").expect("it counts");
        query.strip_suffix(" LIMIT 10001) AS counted").expect("it is bounded").to_owned()
    }

    #[test]
    fn all_rows_are_counted_up_to_a_limit() {
        let tally = rows(&"t".into());
        assert_eq!(tally.query, "SELECT count(*) FROM (SELECT 1 FROM \"t\" LIMIT 10001) AS counted");
        assert_eq!(tally.what, "rows of `t`");
    }

    #[test]
    fn a_value_is_compared_with_what_the_column_has_by_itself() {
        let five = || Some(Expr::Number("5".into()));
        let postgres = |ty, default, made| condition(Database::Postgres, ty, default, made);
        let sqlite = |ty, default, made| condition(Database::Sqlite, ty, default, made);
        assert_eq!(postgres(Type::Integer, None, Some(Expr::Null)), "\"c\" IS NOT NULL");
        assert_eq!(postgres(Type::Integer, five(), five()), "\"c\" IS DISTINCT FROM CAST(5 AS integer)");
        assert_eq!(sqlite(Type::Integer, five(), five()), "\"c\" IS NOT 5");
        let six = Some(Expr::Number("6".into()));
        assert_eq!(sqlite(Type::Integer, six, five()), "\"c\" IS NOT 5 AND \"c\" IS NOT 6");
        assert_eq!(sqlite(Type::Integer, five(), Some(Expr::Null)), "\"c\" IS NOT NULL AND \"c\" IS NOT 5");
        let now = Expr::Call { function: "now".into(), arguments: Vec::new() };
        assert_eq!(postgres(Type::Timestamptz, Some(now.clone()), Some(now)), "\"c\" IS NOT NULL");
    }

    #[test]
    fn a_type_that_cannot_be_compared_is_compared_as_text() {
        let json = Type::Native(Native { database: Database::Postgres, name: "json".into(), arguments: Vec::new() });
        let empty = Some(Expr::Text("{}".into()));
        let expected = "CAST(\"c\" AS text) IS DISTINCT FROM CAST(CAST('{}' AS json) AS text)";
        assert_eq!(condition(Database::Postgres, json, empty, None), expected);
    }
}
