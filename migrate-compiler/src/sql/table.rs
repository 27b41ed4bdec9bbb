//! What the databases write alike: constraints and the body of a table.

use crate::name::Name;
use crate::schema::{Constraint, ForeignKey, ReferentialAction, Rule, Timing};
use crate::sql::dialect::Writer;
use crate::sql::{Sql, quote};

/// `CONSTRAINT "name" …` of a table with the columns of the writer.
pub(super) fn constraint(writer: &Writer<'_>, constraint: &Constraint) -> Sql {
    Ok(format!("CONSTRAINT {} {}{}", quote::ident(constraint.name()), rule(writer, &constraint.rule)?, timing(constraint.timing)))
}

fn rule(writer: &Writer<'_>, rule: &Rule) -> Sql {
    Ok(match rule {
        Rule::PrimaryKey { columns } => format!("PRIMARY KEY ({})", quote::idents(columns)),
        Rule::Unique { columns, nulls_not_distinct } => {
            let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
            format!("UNIQUE{nulls} ({})", quote::idents(columns))
        }
        Rule::ForeignKey(key) => format!("FOREIGN KEY ({}) {}", quote::idents(&key.columns), references(key)),
        Rule::Check { condition } => format!("CHECK ({})", writer.expr(condition)?),
    })
}

/// `REFERENCES "table" (…) ON DELETE …`
pub(super) fn references(key: &ForeignKey) -> String {
    let mut sql = format!("REFERENCES {} ({})", quote::name(&key.table), quote::idents(&key.references));
    for (event, action) in [("DELETE", key.on_delete), ("UPDATE", key.on_update)] {
        if action != ReferentialAction::NoAction {
            sql += &format!(" ON {event} {}", action.words().to_uppercase());
        }
        if event == "DELETE" && !key.set_columns.is_empty() {
            sql += &format!(" ({})", quote::idents(&key.set_columns));
        }
    }
    sql
}

/// When a constraint is checked.
pub(super) fn timing(timing: Timing) -> &'static str {
    match timing {
        Timing::Immediate => "",
        Timing::Deferrable => " DEFERRABLE",
        Timing::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// `CREATE TABLE "name" (…)`, a line an entry.
pub(super) fn create(name: &Name, entries: &[String]) -> String {
    if entries.is_empty() {
        return format!("CREATE TABLE {} ()", quote::name(name));
    }
    format!("CREATE TABLE {} (\n    {}\n)", quote::name(name), entries.join(",\n    "))
}
