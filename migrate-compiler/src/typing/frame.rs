//! The tables whose columns an expression can name with the table before the dot.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::expr::{FromTable, Join, Select};
use crate::name::Name;
use crate::schema::{Column, Table, Tables};

/// The tables that queries can read.
#[derive(Clone, Copy)]
pub enum Readable<'a> {
    /// Those of a schema.
    Schema(Tables<'a>),
    /// Those that a statement reads.
    Listed(&'a BTreeMap<Name, Arc<Table>>),
}

impl<'a> Readable<'a> {
    fn get(self, name: &Name) -> Option<&'a Table> {
        match self {
            Readable::Schema(tables) => tables.get(name).map(|table| &**table),
            Readable::Listed(tables) => tables.get(name).map(|table| &**table),
        }
    }
}

impl<'a> From<Tables<'a>> for Readable<'a> {
    fn from(tables: Tables<'a>) -> Readable<'a> {
        Readable::Schema(tables)
    }
}

/// The tables of a query, or of the statement that the expression belongs to.
#[derive(Clone, Debug)]
pub struct Frame<'a> {
    /// Its tables, in order.
    pub tables: Vec<Visible<'a>>,
    /// What is around it.
    pub outer: Option<&'a Frame<'a>>,
}

/// A table that can be named.
#[derive(Clone, Debug)]
pub struct Visible<'a> {
    /// The table.
    pub table: &'a Name,
    /// The name that it is given instead.
    pub alias: Option<&'a str>,
    /// What it is, where the schema has it.
    pub body: Option<&'a Table>,
    /// Whether each of the rows has one of it.
    pub presence: Presence,
}

/// Whether a table has a row in each of the rows of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It has.
    Always,
    /// Its columns are null where a `left join` found none.
    WhereFound,
}

impl<'a> Frame<'a> {
    /// The table of a statement itself.
    pub fn of(table: &'a Name, body: &'a Table) -> Frame<'a> {
        Frame { tables: vec![Visible { table, alias: None, body: Some(body), presence: Presence::Always }], outer: None }
    }

    /// The table of a statement, and the other one that it reads.
    pub fn beside(table: &'a Name, body: &'a Table, from: Option<&'a FromTable>, tables: Readable<'a>) -> Frame<'a> {
        let mut frame = Frame::of(table, body);
        frame.tables.extend(from.map(|from| Visible::of(from, Some(tables))));
        frame
    }

    /// The tables of a query.
    pub fn within(query: &'a Select, tables: Option<Readable<'a>>, outer: Option<&'a Frame<'a>>) -> Frame<'a> {
        Frame { tables: query.from.iter().map(|from| Visible::of(from, tables)).collect(), outer }
    }

    /// The table that is meant by a name before the dot: the nearest one.
    pub fn table(&self, name: &Name) -> Option<&Visible<'a>> {
        self.tables.iter().find(|table| table.is_called(name)).or_else(|| self.outer?.table(name))
    }

    /// A column of the table that is meant.
    pub fn column(&self, table: &Name, column: &str) -> Option<&'a Column> {
        self.table(table)?.body?.column(column)
    }

    /// Whether the table is one of its own, and not of what is around it.
    pub fn has(&self, name: &Name) -> bool {
        self.tables.iter().any(|table| table.is_called(name))
    }
}

impl<'a> Visible<'a> {
    fn of(from: &'a FromTable, tables: Option<Readable<'a>>) -> Visible<'a> {
        Visible {
            table: &from.table,
            alias: from.alias.as_deref(),
            body: tables.and_then(|tables| tables.get(&from.table)),
            presence: if matches!(from.join, Join::Left(_)) { Presence::WhereFound } else { Presence::Always },
        }
    }

    /// The name that its columns are written with.
    pub fn name(&self) -> Name {
        self.alias.map_or_else(|| self.table.clone(), Name::new)
    }

    /// See [`FromTable::is_called`](crate::expr::FromTable::is_called).
    pub fn is_called(&self, table: &Name) -> bool {
        match self.alias {
            Some(alias) => table.schema.is_none() && table.name == alias,
            None => self.table == table || table.schema.is_none() && table.name == self.table.name,
        }
    }
}
