//! The types in a schema: of its columns, and those that its expressions cast to.

use std::collections::BTreeSet;

use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::objects::{Kind, Object};
use crate::schema::{Column, Constraint, Index, Rule, Schema, Table};
use crate::types::{EnumType, Type};

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

impl Schema {
    /// Looks up the values of the enums among the types of a part; one that is not there has none.
    pub fn resolve(&self, part: &mut impl Typed) {
        part.each_type(&mut |ty| {
            let Some(of) = ty.as_enum_mut() else { return };
            of.values = self.values_of(&of.name).unwrap_or_default().to_vec();
        });
    }

    /// The values of an enum.
    pub fn values_of(&self, name: &Name) -> Option<&[String]> {
        if let Some(Object::Enum(known)) = self.object(Kind::Enum, name) { Some(&known.values) } else { None }
    }

    /// Changes the enum of this name wherever it is the type of something.
    pub fn change_types_of(&mut self, name: &Name, change: impl Fn(&mut EnumType)) {
        let tables: Vec<Name> = self.tables.typed(name).map(|(table, _)| table.clone()).collect();
        for table in tables {
            self.change(&table, |table| {
                table.each_type(&mut |ty| ty.as_enum_mut().filter(|of| of.name == *name).into_iter().for_each(&change));
            });
        }
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
fn casts_to(expr: &Expr, name: &Name) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        found |= matches!(part, Expr::Cast { to, .. } if to.as_enum().is_some_and(|of| of.name == *name));
    });
    found
}

/// What still uses the type of an enum, and the statements that drop that.
pub fn users_of_type(schema: &Schema, name: &Name) -> Vec<(String, String)> {
    let mut users = Vec::new();
    for (owner, table) in schema.tables.typed(name) {
        let alter = |what: String| format!("alter table {owner} {{ {what} }}");
        for column in table.columns_of(name) {
            let shown = Written(&column.name);
            users.push((format!("the column `{owner}.{shown}`"), alter(format!("drop {shown};"))));
        }
        for constraint in &table.constraints {
            if let Rule::Check { condition } = &constraint.rule
                && casts_to(condition, name)
            {
                let shown = Written(constraint.name());
                users.push((format!("the check `{shown}` of `{owner}`"), alter(format!("drop constraint {shown};"))));
            }
        }
        for index in table.indexes.iter().filter(|index| index.expressions().any(|expr| casts_to(expr, name))) {
            let index = owner.sibling(index.name());
            users.push((format!("the index `{index}`"), format!("drop index {index};")));
        }
    }
    users
}
