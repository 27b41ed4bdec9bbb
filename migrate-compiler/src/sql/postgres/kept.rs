//! What is kept and uses something that the server would not drop then.

use crate::name::Name;
use crate::naming::KEPT;
use crate::objects::Kind;
use crate::sql::dialect::TableOrColumn;
use crate::sql::quote;

/// The query for the number of kept columns that use an object, but for those in places that are known.
pub(super) fn users_of(kind: Kind, name: &Name, known: &[TableOrColumn<'_>]) -> Option<String> {
    let uses = match kind {
        Kind::Enum => format!("to_regtype({}) IN (type.oid, type.typelem)", quote::text(&quote::name(name))),
        Kind::Extension => format!(
            "EXISTS (SELECT FROM pg_depend AS member JOIN pg_extension AS extension ON extension.oid = member.refobjid \
             WHERE member.refclassid = 'pg_extension'::regclass AND member.classid = 'pg_type'::regclass \
             AND member.objid IN (type.oid, type.typelem) AND extension.extname = {})",
            quote::text(&name.name)
        ),
        Kind::Namespace => format!("class.relnamespace = to_regnamespace({})", quote::text(&quote::ident(&name.name))),
        Kind::Table => return None,
    };
    let is_kept = |name: &str| format!("starts_with({name}, {})", quote::text(KEPT));
    let others = known.iter().map(|place| format!(" AND NOT ({})", is_at(place))).collect::<String>();
    Some(format!(
        "SELECT count(*) FROM pg_attribute AS attribute JOIN pg_class AS class ON class.oid = attribute.attrelid \
         JOIN pg_type AS type ON type.oid = attribute.atttypid WHERE class.relkind IN ('r', 'p') AND attribute.attnum > 0 \
         AND ({} OR {}) AND {uses}{others}",
        is_kept("class.relname"),
        is_kept("attribute.attname"),
    ))
}

fn is_at(place: &TableOrColumn<'_>) -> String {
    let table = format!("class.oid = to_regclass({})", quote::text(&quote::name(place.table)));
    match place.column {
        Some(column) => format!("{table} AND attribute.attname = {}", quote::text(column)),
        None => table,
    }
}
