//! Queries as SQL.

use crate::expr::{Aggregate, Duplicates, Expr, FromTable, Join, Order, Select};
use crate::name::Name;
use crate::sql::dialect::Writer;
use crate::sql::{Sql, quote};
use crate::types::Type;

impl Writer<'_> {
    /// `SELECT … FROM …`
    pub fn query(&self, query: &Select) -> Sql {
        self.selecting(query, |writer, _, value| writer.expr(value))
    }

    /// A column of the writer's table, which is written with that where another table is read with it.
    pub(super) fn column(&self, column: &str) -> String {
        let beside = self.frame.filter(|frame| !self.columns.is_empty() && frame.tables.len() > 1);
        match beside.and_then(|frame| frame.tables.first()) {
            Some(own) => self.qualified(&own.name(), column),
            None => quote::ident(column),
        }
    }

    /// A column with its table before the dot.
    pub(super) fn qualified(&self, table: &Name, column: &str) -> String {
        let visible = self.frame.and_then(|frame| frame.table(table));
        let shown = match visible.map(|visible| (visible.alias, visible.table)) {
            Some((Some(alias), _)) => quote::ident(alias),
            Some((None, table)) => quote::name(table),
            None => quote::name(table),
        };
        format!("{shown}.{}", quote::ident(column))
    }

    /// `x IN (SELECT …)`: what is compared is of one type.
    pub(super) fn in_query(&self, operand: &Expr, query: &Select, not: &str) -> Sql {
        let frame = self.scope().within(query);
        let inner = Writer { columns: &[], frame: Some(&frame), ..*self };
        let types: Vec<Option<Type>> = query.values.iter().map(|value| inner.type_of(value)).collect();
        let beside = |(item, ty): (&Expr, &Option<Type>)| self.beside(item, ty.as_ref());
        let operand = if let Expr::Row(row) = operand {
            format!("({})", row.iter().zip(&types).map(beside).collect::<Result<Vec<_>, _>>()?.join(", "))
        } else {
            beside((operand, types.first().unwrap_or(&None)))?
        };
        Ok(format!("{operand} {not}IN ({})", self.selecting(query, |writer, _, value| writer.compared_alone(value))?))
    }

    /// A value of a list or query, with which another one is compared.
    fn compared_alone(&self, value: &Expr) -> Sql {
        if self.length(value).is_some() { self.operand(value) } else { self.expr(value) }
    }

    /// `max(x)`, `count(DISTINCT x)`
    pub(super) fn aggregate(&self, function: Aggregate, arguments: &[Expr], duplicates: Duplicates) -> Sql {
        let arguments = arguments.iter().map(|argument| self.compared_alone(argument)).collect::<Result<Vec<_>, _>>()?.join(", ");
        Ok(match duplicates {
            Duplicates::Kept if arguments.is_empty() => format!("{}(*)", function.word()),
            Duplicates::Kept => format!("{}({arguments})", function.word()),
            Duplicates::Dropped => format!("{}(DISTINCT {arguments})", function.word()),
        })
    }

    /// A query whose values are written so, each with its place.
    pub(super) fn selecting(&self, query: &Select, write: impl Fn(&Writer<'_>, usize, &Expr) -> Sql) -> Sql {
        let frame = self.scope().within(query);
        let inner = Writer { columns: &[], frame: Some(&frame), ..*self };
        let values = query.values.iter().enumerate().map(|(place, value)| write(&inner, place, value));
        let values = values.collect::<Result<Vec<_>, _>>()?.join(", ");
        let distinct = if query.duplicates == Duplicates::Dropped { "DISTINCT " } else { "" };
        let mut sql = format!("SELECT {distinct}{values}");
        if !query.from.is_empty() {
            sql += " FROM";
        }
        for from in &query.from {
            sql += &inner.table(from)?;
        }
        sql += &inner.clause(" WHERE ", query.filter.as_ref())?;
        if !query.groups.is_empty() {
            sql += &format!(" GROUP BY {}", inner.list(&query.groups)?);
        }
        sql += &inner.clause(" HAVING ", query.having.as_ref())?;
        let order = query.order.iter().map(|order| inner.order(order)).collect::<Result<Vec<_>, _>>()?;
        if !order.is_empty() {
            sql += &format!(" ORDER BY {}", order.join(", "));
        }
        if let Some(rows) = query.limit {
            sql += &format!(" LIMIT {rows}");
        }
        Ok(sql)
    }

    /// ` "t" AS "u"`, ` JOIN "t" AS "u" ON …`
    fn table(&self, from: &FromTable) -> Sql {
        let table = table(from);
        Ok(match &from.join {
            Join::First => format!(" {table}"),
            Join::Inner(condition) => format!(" JOIN {table} ON {}", self.expr(condition)?),
            Join::Left(condition) => format!(" LEFT JOIN {table} ON {}", self.expr(condition)?),
        })
    }

    fn clause(&self, words: &str, condition: Option<&Expr>) -> Sql {
        condition.map_or(Ok(String::new()), |condition| Ok(format!("{words}{}", self.expr(condition)?)))
    }

    /// Nulls come where PostgreSQL has them.
    fn order(&self, order: &Order) -> Sql {
        let descending = if order.descending { " DESC" } else { "" };
        let implied = self.features().nulls_come_first.then_some(order.descending);
        let nulls = match order.nulls_first.or(implied) {
            Some(true) => " NULLS FIRST",
            Some(false) => " NULLS LAST",
            None => "",
        };
        Ok(format!("{}{descending}{nulls}", self.expr(&order.value)?))
    }
}

/// `"t" AS "u"`
pub(super) fn table(from: &FromTable) -> String {
    let alias = from.alias.as_ref().map(|alias| format!(" AS {}", quote::ident(alias))).unwrap_or_default();
    format!("{}{alias}", quote::name(&from.table))
}
