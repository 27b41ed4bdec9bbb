//! The questions asked before a downgrade.

use crate::dialect::{expression, quote};
use crate::expr::Expr;
use crate::fact::Demand;
use crate::history::{Database, Guard};
use crate::name::{Name, Written, WrittenList};
use crate::schema::Schema;
use crate::types::{Family, Type};

/// How many rows do not satisfy a demand; `None` where this database needs no question.
pub fn guard(database: Database, demand: &Demand, schema: &Schema) -> Option<Guard> {
    // A condition that was rendered when it was made can be rendered again.
    let columns = schema.table(demand.table()).map_or(&[][..], |table| &table.columns);
    let sql = |expr: &Expr| expression(database, columns, expr).ok();
    let (query, refusal) = match demand {
        Demand::NotNull { table, column } => {
            schema.table(table)?.column(column).filter(|column| column.nullable)?;
            let refusal = format!("rows of `{table}` have no `{}`, and the downgrade makes it not null", Written(column));
            (count(table, &format!("{} IS NULL", quote::ident(column))), refusal)
        }
        Demand::Holds { table, condition } => {
            let refusal = format!("rows of `{table}` do not satisfy `{condition}`, and the downgrade demands it again");
            (count(table, &format!("NOT ({})", sql(condition)?)), refusal)
        }
        Demand::Distinct { table, keys, filter, nulls_not_distinct } => {
            let keys_sql = keys.iter().map(sql).collect::<Option<Vec<_>>>()?;
            let filter = match filter {
                Some(filter) => Some(sql(filter)?),
                None => None,
            };
            let shown: Vec<String> = keys.iter().map(Expr::to_string).collect();
            let refusal = if shown.is_empty() {
                format!("rows of `{table}` would have the same value in a column that the downgrade makes unique again")
            } else {
                let shown = shown.join(", ");
                format!("values of ({shown}) stand in several rows of `{table}`, and the downgrade makes them unique again")
            };
            (twice(table, &keys_sql, filter, *nulls_not_distinct), refusal)
        }
        Demand::Refers { table, columns, target, references } => {
            let refusal = format!(
                "rows of `{table}` refer by ({}) to rows of `{target}` that are not there, and the downgrade demands them again",
                WrittenList(columns)
            );
            (orphans(table, columns, target, references), refusal)
        }
        Demand::RefersToNothing { table, columns, target } => {
            let refusal = format!(
                "rows of `{table}` refer by ({}) to rows of `{target}`, which the downgrade makes again without rows",
                WrittenList(columns)
            );
            let given: Vec<String> = columns.iter().map(|column| format!("{} IS NOT NULL", quote::ident(column))).collect();
            (count(table, &given.join(" AND ")), refusal)
        }
        Demand::Fits { table, column, from, to } => {
            let refusal =
                format!("values of `{table}.{}` do not fit `{to}`, which the downgrade makes of it again", Written(column));
            (count(table, &misfit(database, &quote::ident(column), from, to)?), refusal)
        }
        Demand::Empty { .. } => return None,
    };
    Some(Guard { query: query.into(), refusal: refusal.into() })
}

fn count(table: &Name, condition: &str) -> String {
    format!("SELECT count(*) FROM {} WHERE {condition}", quote::name(table))
}

/// How many values of the keys stand in more than one row.
fn twice(table: &Name, keys: &[String], filter: Option<String>, nulls_not_distinct: bool) -> String {
    let nulls = keys.iter().filter(|_| !nulls_not_distinct).map(|key| format!("{key} IS NOT NULL"));
    let conditions: Vec<String> = nulls.chain(filter.map(|filter| format!("({filter})"))).collect();
    let condition = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    if keys.is_empty() {
        return format!("SELECT CASE WHEN count(*) > 1 THEN count(*) ELSE 0 END FROM {}{condition}", quote::name(table));
    }
    let keys = keys.join(", ");
    format!("SELECT count(*) FROM (SELECT 1 FROM {}{condition} GROUP BY {keys} HAVING count(*) > 1) AS twice", quote::name(table))
}

/// How many rows refer to nothing.
fn orphans(table: &Name, columns: &[String], target: &Name, references: &[String]) -> String {
    let given = columns.iter().map(|column| format!("child.{} IS NOT NULL", quote::ident(column))).collect::<Vec<_>>();
    let same = columns
        .iter()
        .zip(references)
        .map(|(own, other)| format!("parent.{} = child.{}", quote::ident(other), quote::ident(own)));
    let same = same.collect::<Vec<_>>();
    format!(
        "SELECT count(*) FROM {} AS child WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS parent WHERE {})",
        quote::name(table),
        given.join(" AND "),
        quote::name(target),
        same.join(" AND ")
    )
}

/// When a value does not fit a type; `None` where the database takes whatever it is.
fn misfit(database: Database, column: &str, from: &Type, to: &Type) -> Option<String> {
    let (from, is_integer) = (from.family(), from.is_integer());
    match (database, to) {
        (Database::Postgres, Type::SmallInt | Type::Integer | Type::BigInt) => {
            let (low, high) = to.integer_range()?;
            Some(format!("{column} NOT BETWEEN {low} AND {high} OR {column} <> round({column}::numeric)"))
        }
        (Database::Sqlite, Type::SmallInt | Type::Integer | Type::BigInt) => {
            let (low, high) = to.integer_range()?;
            Some(format!("{column} NOT BETWEEN {low} AND {high} OR {column} <> CAST({column} AS INTEGER)"))
        }
        (_, Type::Varchar(Some(length)) | Type::Char(length)) => Some(format!("length({column}) > {length}")),
        (_, Type::Decimal { precision: Some(precision), scale }) => {
            let scale = scale.unwrap_or(0);
            let room = format!("1{}", "0".repeat(usize::from(precision.saturating_sub(scale))));
            let exact = match database {
                Database::Postgres => format!("{column}::numeric <> round({column}::numeric, {scale})"),
                Database::Sqlite => format!("{column} <> round({column}, {scale})"),
            };
            Some(format!("abs({column}) >= {room} OR {exact}"))
        }
        (Database::Postgres, Type::Real) => Some(no_real(column, is_integer)),
        (Database::Postgres, Type::Date) if from == Family::Moment => {
            Some(format!("{column}::date::timestamp <> {column}::timestamp"))
        }
        (Database::Sqlite, Type::Date) if from == Family::Moment => Some(format!("time({column}) <> '00:00:00'")),
        _ => None,
    }
}

/// When a number of PostgreSQL is not one of its `real`s. Beyond those, and between them and zero, the conversion is an error,
/// which would stop the question: so it is made in their range alone.
fn no_real(column: &str, is_integer: bool) -> String {
    let differs = format!("{column}::real::double precision <> {column}::double precision");
    if is_integer {
        return differs;
    }
    format!(
        "CASE WHEN abs({column}) IN (0, 'Infinity', 'NaN') THEN false \
         WHEN abs({column}) NOT BETWEEN 1.4e-45 AND 3.4028234663852886e38 THEN true ELSE {differs} END"
    )
}
