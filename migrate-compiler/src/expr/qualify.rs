//! Which table of a query a bare name is a column of.

use crate::expr::{Expr, FromTable, Join, Select};
use crate::name::Name;
use crate::schema::Tables;

/// The tables around an expression, and those of the schema.
#[derive(Clone, Copy)]
struct Surroundings<'a> {
    outer: &'a [FromTable],
    tables: Tables<'a>,
}

impl Expr {
    /// Says in its queries which table each bare name is a column of: what a column is does then not depend on those that other
    /// migrations add. A name that none of the tables of its query has, or more than one, stays as it is: that is an error.
    pub fn qualify(&mut self, owner: &Name, tables: Tables<'_>) {
        let own = [FromTable { table: owner.clone(), alias: None, join: Join::First }];
        self.qualify_in(&[], Surroundings { outer: &own, tables });
    }

    /// The same, and of its own bare names too.
    pub fn qualify_all(&mut self, owner: &Name, tables: Tables<'_>) {
        let own = [FromTable { table: owner.clone(), alias: None, join: Join::First }];
        self.qualify_in(&own, Surroundings { outer: &own, tables });
    }

    /// The same of a value of a new row, which can use no column of its table.
    pub fn qualify_alone(&mut self, tables: Tables<'_>) {
        self.qualify_in(&[], Surroundings { outer: &[], tables });
    }

    fn qualify_in(&mut self, from: &[FromTable], around: Surroundings<'_>) {
        if let Expr::Column(column) = self {
            let has_it = |one: &&FromTable| around.tables.get(&one.table).is_some_and(|table| table.column(column).is_some());
            let mut holders = from.iter().filter(has_it);
            if let (Some(one), None) = (holders.next(), holders.next()) {
                *self = Expr::Qualified { table: one.name(), column: std::mem::take(column) };
            }
            return;
        }
        if let Expr::InQuery { operand, .. } = self {
            operand.qualify_in(from, around);
        }
        match self {
            Expr::Query(query) | Expr::Exists(query) | Expr::InQuery { query, .. } => query.qualify_in(around),
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => {}
            Expr::Column(_) | Expr::Qualified { .. } | Expr::Current(_) | Expr::Nextval(_) | Expr::Raw(_) => {}
            Expr::Array(_) | Expr::Row(_) | Expr::Call { .. } | Expr::Unary { .. } | Expr::Binary { .. } | Expr::Is { .. } => {
                self.qualify_parts(from, around);
            }
            Expr::IsNull { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } => {
                self.qualify_parts(from, around);
            }
            Expr::Cast { .. } | Expr::AtTimeZone { .. } | Expr::Aggregate { .. } => self.qualify_parts(from, around),
        }
    }

    fn qualify_parts(&mut self, from: &[FromTable], around: Surroundings<'_>) {
        self.parts_mut().into_iter().for_each(|part| part.qualify_in(from, around));
    }
}

impl Select {
    /// See [`Expr::qualify`], for a query that is a statement's own.
    pub fn qualify(&mut self, tables: Tables<'_>) {
        self.qualify_in(Surroundings { outer: &[], tables });
    }

    fn qualify_in(&mut self, around: Surroundings<'_>) {
        self.rename_shadows(around.outer);
        let from = self.from.clone();
        let outer: Vec<FromTable> = around.outer.iter().chain(&from).cloned().collect();
        let inner = Surroundings { outer: &outer, ..around };
        self.parts_mut().into_iter().for_each(|part| part.qualify_in(&from, inner));
    }

    /// Gives a table that is called as one around the query another name. No column is written with it before: that is an error.
    fn rename_shadows(&mut self, outer: &[FromTable]) {
        for place in 0..self.from.len() {
            let name = self.from[place].name();
            let is_taken = |name: &str| outer.iter().chain(&self.from).any(|other| other.name().name == name);
            if self.from[place].alias.is_none() && outer.iter().any(|other| other.name().name == name.name) {
                let mut names = (2..).map(|number| format!("{}_{number}", name.name));
                self.from[place].alias = names.find(|name| !is_taken(name));
            }
        }
    }
}
