//! What keys, constraints and indexes demand of the rows of their table.

use super::Demand;
use crate::expr::Expr;
use crate::name::Name;
use crate::schema::{Index, Rule};

/// What a constraint demands of the rows of its table.
pub fn of_constraint(table: &Name, rule: &Rule) -> Demand {
    let table = table.clone();
    match rule {
        Rule::PrimaryKey { columns } => Demand::Distinct { table, keys: keys(columns), filter: None, nulls_not_distinct: false },
        Rule::Unique { columns, nulls_not_distinct } => {
            let nulls_not_distinct = *nulls_not_distinct;
            Demand::Distinct { table, keys: keys(columns), filter: None, nulls_not_distinct }
        }
        Rule::Check { condition } => Demand::Holds { table, condition: condition.clone() },
        Rule::ForeignKey(key) => {
            let (columns, references) = (key.columns.clone(), key.references.clone());
            Demand::Refers { table, columns, target: key.table.clone(), references }
        }
    }
}

fn keys(columns: &[String]) -> Vec<Expr> {
    columns.iter().map(Expr::column).collect()
}

/// What an index demands of the rows of its table.
pub fn of_index(table: &Name, index: &Index) -> Option<Demand> {
    let demand = || Demand::Distinct {
        table: table.clone(),
        keys: index.keys.iter().map(|key| key.value.clone()).collect(),
        filter: index.filter.clone(),
        nulls_not_distinct: index.nulls_not_distinct,
    };
    index.unique.then(demand)
}
