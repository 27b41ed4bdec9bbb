//! Queries as the language writes them.

use std::fmt::{self, Display, Formatter};

use crate::expr::{Duplicates, Expr, FromTable, Join, Order, Select};
use crate::name::Written;
use crate::print::join;

impl Display for Select {
    /// `select … from …`, without parentheses.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "select {}", selected(self))?;
        let mut word = " from ";
        for from in &self.from {
            write!(out, "{word}{from}")?;
            word = "";
        }
        clause(out, " where ", self.filter.as_ref())?;
        list(out, " group by ", &self.groups)?;
        clause(out, " having ", self.having.as_ref())?;
        list(out, " order by ", &self.order)?;
        self.limit.iter().try_for_each(|rows| write!(out, " limit {rows}"))
    }
}

/// The values, with `distinct` before them. A value that begins with an operator would make a column of that word.
fn selected(query: &Select) -> String {
    let values = join(&query.values);
    match (query.duplicates, query.values.split_first()) {
        (Duplicates::Dropped, Some((first, others))) if values.starts_with(['-', '~']) => {
            let others: String = others.iter().map(|value| format!(", {value}")).collect();
            format!("distinct ({first}){others}")
        }
        (Duplicates::Dropped, _) => format!("distinct {values}"),
        (Duplicates::Kept, _) => values,
    }
}

fn clause(out: &mut Formatter<'_>, words: &str, condition: Option<&Expr>) -> fmt::Result {
    condition.into_iter().try_for_each(|condition| write!(out, "{words}{condition}"))
}

fn list<T: Display>(out: &mut Formatter<'_>, words: &str, items: &[T]) -> fmt::Result {
    if items.is_empty() { Ok(()) } else { write!(out, "{words}{}", join(items)) }
}

impl Display for FromTable {
    /// `t as u`, of a table that is joined ` join t as u on …`.
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let alias = self.alias.as_ref().map(|alias| format!(" as {}", Written(alias))).unwrap_or_default();
        let table = &self.table;
        match &self.join {
            Join::First => write!(out, "{table}{alias}"),
            Join::Inner(condition) => write!(out, " join {table}{alias} on {condition}"),
            Join::Left(condition) => write!(out, " left join {table}{alias} on {condition}"),
        }
    }
}

impl Display for Order {
    /// `x desc nulls last`
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let descending = if self.descending { " desc" } else { "" };
        let nulls = match self.nulls_first {
            Some(true) => " nulls first",
            Some(false) => " nulls last",
            None => "",
        };
        write!(out, "{}{descending}{nulls}", self.value)
    }
}
