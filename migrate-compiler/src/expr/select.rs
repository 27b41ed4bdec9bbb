//! Queries: the rows of other tables, in an expression or as a statement's own.

use crate::expr::Expr;
use crate::name::Name;

/// `select a, b from t [as x] [join u on …] [where …] [group by … [having …]] [order by …] [limit N]`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Select {
    /// Whether equal rows count once.
    pub duplicates: Duplicates,
    /// What it gives; at least one value.
    pub values: Vec<Expr>,
    /// Its tables; none in `select 1`, which is one row.
    pub from: Vec<FromTable>,
    /// Which rows.
    pub filter: Option<Expr>,
    /// What the rows of a group have in common.
    pub groups: Vec<Expr>,
    /// Which groups.
    pub having: Option<Expr>,
    /// Which rows come first.
    pub order: Vec<Order>,
    /// How many rows at most.
    pub limit: Option<u32>,
}

/// What becomes of equal rows or values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Duplicates {
    /// Each of them counts.
    Kept,
    /// `distinct`: they count once.
    Dropped,
}

/// A table of a query.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FromTable {
    /// The table.
    pub table: Name,
    /// `as u`
    pub alias: Option<String>,
    /// How its rows meet those of the tables before it.
    pub join: Join,
}

/// How the rows of a table meet those of the tables before it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Join {
    /// It is the first.
    First,
    /// `join u on …`: in each pair for which the condition holds.
    Inner(Expr),
    /// `left join u on …`: the same, and nulls where a row meets none.
    Left(Expr),
}

/// `x desc nulls last`
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Order {
    /// By what.
    pub value: Expr,
    /// Whether the greatest comes first.
    pub descending: bool,
    /// Where nulls are, if it is written; else last, and first where the greatest comes first.
    pub nulls_first: Option<bool>,
}

impl FromTable {
    /// The name that columns of the table are written with.
    pub fn name(&self) -> Name {
        self.alias.as_ref().map_or_else(|| self.table.clone(), |alias| Name::new(alias.as_str()))
    }

    /// Whether it is the table that is written before the dot: a table in a schema can be named without that.
    pub fn is_called(&self, table: &Name) -> bool {
        match &self.alias {
            Some(alias) => table.schema.is_none() && table.name == *alias,
            None => self.table == *table || table.schema.is_none() && table.name == self.table.name,
        }
    }
}

impl Join {
    /// The condition on which the rows meet.
    pub fn condition(&self) -> Option<&Expr> {
        match self {
            Join::First => None,
            Join::Inner(condition) | Join::Left(condition) => Some(condition),
        }
    }

    fn condition_mut(&mut self) -> Option<&mut Expr> {
        match self {
            Join::First => None,
            Join::Inner(condition) | Join::Left(condition) => Some(condition),
        }
    }
}

impl Select {
    /// The expressions in it, as they are written.
    pub fn parts(&self) -> Vec<&Expr> {
        let joins = self.from.iter().filter_map(|from| from.join.condition());
        let rows = self.values.iter().chain(joins).chain(&self.filter);
        let groups = self.groups.iter().chain(&self.having);
        rows.chain(groups).chain(self.order.iter().map(|order| &order.value)).collect()
    }

    /// The same, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        let joins = self.from.iter_mut().filter_map(|from| from.join.condition_mut());
        let rows = self.values.iter_mut().chain(joins).chain(&mut self.filter);
        let groups = self.groups.iter_mut().chain(&mut self.having);
        rows.chain(groups).chain(self.order.iter_mut().map(|order| &mut order.value)).collect()
    }

    /// Whether all rows become one: it has an aggregate and no groups.
    pub fn is_one_group(&self) -> bool {
        self.groups.is_empty() && (self.having.is_some() || self.has_aggregate())
    }

    /// Whether what it gives has an aggregate of its own rows.
    pub fn has_aggregate(&self) -> bool {
        let order = self.order.iter().map(|order| &order.value);
        self.values.iter().chain(&self.having).chain(order).any(Expr::has_aggregate)
    }
}

impl Expr {
    /// The expressions directly inside this one that are over the same rows: those of its queries are not.
    pub fn own_parts(&self) -> Vec<&Expr> {
        if let Expr::InQuery { operand, .. } = self {
            return vec![operand];
        }
        if self.own_query().is_some() { Vec::new() } else { self.parts() }
    }

    /// Calls `visit` with every part that is over the same rows, itself first.
    pub fn walk_own<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        self.own_parts().into_iter().for_each(|part| part.walk_own(visit));
    }

    /// Whether it has an aggregate of the rows that it is over.
    pub fn has_aggregate(&self) -> bool {
        let mut found = false;
        self.walk_own(&mut |part| found |= matches!(part, Expr::Aggregate { .. }));
        found
    }

    /// The tables of the columns in it, but for those of the tables of its queries.
    pub fn tables_named(&self) -> Vec<&Name> {
        let mut found = Vec::new();
        self.names_tables(&[], &mut found);
        found
    }

    fn names_tables<'e>(&'e self, inner: &[&'e FromTable], found: &mut Vec<&'e Name>) {
        self.walk_own(&mut |part| {
            if let Expr::Qualified { table, .. } = part
                && !inner.iter().any(|from| from.is_called(table))
            {
                found.push(table);
            }
            let Some(query) = part.own_query() else { return };
            let inner: Vec<&FromTable> = inner.iter().copied().chain(&query.from).collect();
            query.parts().into_iter().for_each(|part| part.names_tables(&inner, found));
        });
    }

    /// The query that it is or has itself: not those of its parts.
    pub fn own_query(&self) -> Option<&Select> {
        if let Expr::Query(query) | Expr::Exists(query) | Expr::InQuery { query, .. } = self { Some(query) } else { None }
    }

    /// Whether a query is in it.
    pub fn has_query(&self) -> bool {
        let mut found = false;
        self.walk_own(&mut |part| found |= part.own_query().is_some());
        found
    }
}
