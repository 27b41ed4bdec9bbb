//! Examples of the operations on constraints.

use crate::example::{self, Examples};
use crate::operation::{AddConstraint, AlterConstraint, DropConstraint, Operation, RenameConstraint};
use crate::schema::{Constraint, ReferentialAction, Rule, Schema, Timing};

impl Examples for AddConstraint {
    fn examples() -> Vec<(Schema, Operation)> {
        let add = |table: &str, constraint| (example::schema(), AddConstraint { table: table.into(), constraint }.into());
        let unique = Rule::Unique { columns: vec!["user_id".into(), "title".into()], nulls_not_distinct: false };
        let named = Constraint {
            name: Some("score_is_sane".into()),
            ..example::constraint(Rule::Check { condition: example::positive("score") })
        };
        let deferred =
            Constraint { timing: Timing::Deferred, ..example::references("user_id", "users", ReferentialAction::NoAction) };
        vec![add("posts", example::constraint(unique)), add("posts", named), add("posts", deferred)]
    }
}

impl Examples for DropConstraint {
    fn examples() -> Vec<(Schema, Operation)> {
        let drop = |table: &str, name: &str| (example::schema(), DropConstraint::new(table, name).into());
        vec![drop("users", "users_email_key"), drop("users", "users_visits_check"), drop("posts", "posts_user_id_fkey")]
    }
}

impl Examples for RenameConstraint {
    fn examples() -> Vec<(Schema, Operation)> {
        let rename = |from: &str, to: &str| {
            (example::schema(), RenameConstraint { table: "users".into(), from: from.into(), to: to.into() }.into())
        };
        vec![rename("users_email_key", "one_account_an_address"), rename("users_visits_check", "visits_are_counted")]
    }
}

impl Examples for AlterConstraint {
    fn examples() -> Vec<(Schema, Operation)> {
        let alter = |timing| {
            (example::schema(), AlterConstraint { table: "posts".into(), name: "posts_user_id_fkey".into(), timing }.into())
        };
        vec![alter(Timing::Deferrable), alter(Timing::Deferred)]
    }
}
