//! The types in a schema: of its columns, and those that its expressions cast to.

use std::collections::BTreeSet;

use crate::expr::Expr;
use crate::name::Name;
use crate::objects::table::body::Table;
use crate::objects::table::column::Column;
use crate::objects::table::constraint::{Constraint, Rule};
use crate::objects::table::index::Index;
use crate::types::Type;

/// What has types in it.
pub trait Typed {
    /// Calls `visit` with every type.
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type));
}

impl Typed for Type {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        visit(self);
    }
}

impl Typed for Expr {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        if let Expr::Cast { to, .. } = self {
            visit(to);
        }
        self.parts_mut().into_iter().for_each(|part| part.each_type(visit));
    }
}

impl<T: Typed> Typed for Option<T> {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        self.iter_mut().for_each(|part| part.each_type(visit));
    }
}

impl Typed for Column {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        self.ty.each_type(visit);
        self.default.each_type(visit);
    }
}

impl Typed for Constraint {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        match &mut self.rule {
            Rule::Check { condition } => condition.each_type(visit),
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => {}
        }
    }
}

impl Typed for Index {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        self.keys.iter_mut().for_each(|key| key.value.each_type(visit));
        self.filter.each_type(visit);
    }
}

impl Typed for Table {
    fn each_type(&mut self, visit: &mut dyn FnMut(&mut Type)) {
        self.columns.iter_mut().for_each(|column| column.each_type(visit));
        self.constraints.iter_mut().for_each(|constraint| constraint.each_type(visit));
        self.indexes.iter_mut().for_each(|index| index.each_type(visit));
    }
}

impl Table {
    /// The enums of its columns, and those that its expressions cast to.
    pub fn enums(&self) -> BTreeSet<Name> {
        let columns = self.columns.iter().filter_map(|column| column.ty.as_enum());
        let mut enums: BTreeSet<Name> = columns.map(|of| of.name.clone()).collect();
        for expr in self.expressions() {
            expr.walk(&mut |part| {
                if let Expr::Cast { to, .. } = part {
                    enums.extend(to.as_enum().map(|of| of.name.clone()));
                }
            });
        }
        enums
    }

    /// The columns of an enum, and those whose elements are of it.
    pub fn columns_of(&self, name: &Name) -> Vec<&Column> {
        let is_of = |column: &&Column| column.ty.as_enum().is_some_and(|of| of.name == *name);
        self.columns.iter().filter(is_of).collect()
    }

    /// Every expression in it: defaults, checks, and those of indexes.
    pub fn expressions(&self) -> impl Iterator<Item = &Expr> {
        let defaults = self.columns.iter().filter_map(|column| column.default.as_ref());
        let checks = self.constraints.iter().filter_map(|constraint| match &constraint.rule {
            Rule::Check { condition } => Some(condition),
            Rule::PrimaryKey { .. } | Rule::Unique { .. } | Rule::ForeignKey(_) => None,
        });
        defaults.chain(checks).chain(self.indexes.iter().flat_map(Index::expressions))
    }
}

/// Whether an expression casts to an enum.
pub(super) fn casts_to(expr: &Expr, name: &Name) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= matches!(part, Expr::Cast { to, .. } if to.as_enum().is_some_and(|of| of.name == *name));
    });
    found
}
