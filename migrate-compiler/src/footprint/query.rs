//! What the queries of an expression read.

use crate::expr::{Expr, FromTable, Select};
use crate::footprint::{Footprint, Part};
use crate::name::Name;
use crate::schema::{Rule, Schema, Table};
use crate::typing::Frame;

impl Footprint {
    /// What an expression of a statement about rows depends on: besides the columns of its table, the tables that its queries read, their
    /// rows among them.
    pub fn read_value(&mut self, schema: &Schema, (of, beside): (&Name, Option<&FromTable>), expr: &Expr) {
        self.read_expression(of, expr);
        let Some(table) = schema.table(of) else { return };
        self.read_queries(schema, &Frame::beside(of, table, beside, schema.tables().into()), expr);
    }

    /// What a statement depends on that reads a table: its rows, and what makes some of its columns keys.
    pub fn read_table(&mut self, schema: &Schema, table: &Name) {
        self.read(table, Part::Itself);
        self.read(table, Part::Rows);
        schema.table(table).into_iter().for_each(|body| self.read_all_keys(table, body));
    }

    /// What a query depends on that is a statement's own.
    pub fn read_query(&mut self, schema: &Schema, query: &Select) {
        let frame = Frame { tables: Vec::new(), outer: None };
        self.read_queries(schema, &frame, &Expr::Query(Box::new(query.clone())));
        query.parts().into_iter().for_each(|part| {
            part.walk(&mut |part| {
                if let Expr::Cast { to, .. } = part {
                    self.read_type(to);
                }
            });
        });
    }

    /// What the queries of an expression depend on, which can name the tables of a frame.
    pub fn read_queries(&mut self, schema: &Schema, frame: &Frame<'_>, expr: &Expr) {
        expr.walk_own(&mut |part| {
            if let Expr::Qualified { table, column } = part
                && let Some(visible) = frame.table(table)
            {
                self.read_column(visible.table, column);
                self.read(visible.table, Part::Null(column.clone()));
            }
            if let Expr::Raw(text) = part {
                let around = std::iter::successors(Some(frame), |frame| frame.outer).flat_map(|frame| &frame.tables);
                let tables = around.map(|visible| visible.table).chain(schema.tables().named_in(text));
                tables.for_each(|table| self.read(table, Part::All));
            }
            let Some(query) = part.own_query() else { return };
            let inner = Frame::within(query, Some(schema.tables().into()), Some(frame));
            inner.tables.iter().for_each(|visible| self.read_table(schema, visible.table));
            query.parts().into_iter().for_each(|part| self.read_queries(schema, &inner, part));
        });
    }

    /// What makes columns of a table keys: a query may have one row because of them.
    fn read_all_keys(&mut self, of: &Name, table: &Table) {
        for constraint in &table.constraints {
            match constraint.rule {
                Rule::PrimaryKey { .. } | Rule::Unique { .. } => self.read(of, Part::Constraint(constraint.name().to_owned())),
                Rule::ForeignKey(_) | Rule::Check { .. } => {}
            }
        }
        for index in table.indexes.iter().filter(|index| index.unique) {
            self.read(of, Part::Index(index.name().to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::expr::{Duplicates, Join};

    #[test]
    fn a_query_depends_on_the_rows_and_columns_that_it_reads() {
        let schema = example::schema();
        let column = |table: &str, column: &str| Expr::Qualified { table: table.into(), column: column.into() };
        let query = Select {
            duplicates: Duplicates::Kept,
            values: vec![column("p", "title")],
            from: vec![FromTable { table: "posts".into(), alias: Some("p".into()), join: Join::First }],
            filter: Some(Expr::IsNull { operand: Box::new(column("users", "email")), negated: true }),
            groups: Vec::new(),
            having: None,
            order: Vec::new(),
            limit: None,
        };
        let mut footprint = Footprint::default();
        footprint.read_value(&schema, (&"users".into(), None), &Expr::Query(Box::new(query)));
        let reads: Vec<String> = footprint.reads.iter().map(ToString::to_string).collect();
        for wanted in [
            "the rows of `posts`",
            "column `title` of `posts`",
            "column `email` of `users`",
            "constraint `posts_pkey` of `posts`",
        ] {
            assert!(reads.iter().any(|read| read == wanted), "{wanted}: {reads:?}");
        }
        assert!(footprint.writes.is_empty());
    }
}
