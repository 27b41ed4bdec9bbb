//! Conditions.

use super::scope::ExprScope;
use crate::expr::Expr;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::types::Family;

impl ExprScope<'_> {
    /// Rule `not_a_condition`, and those of its parts.
    pub(super) fn condition(&self, condition: &Expr, problems: &mut Problems) {
        let family = self.infer(condition, problems).family();
        if family.is_some_and(|family| family != Family::Boolean) || matches!(condition, Expr::Text(_)) {
            let message = format!("`{condition}` is not a condition: expected a boolean");
            let problem = Problem::new("not_a_condition", Slot::new(Role::Expression, condition.to_string()), message);
            problems.push(problem.help(format!("write a comparison, such as `{condition} is not null`")));
        }
    }
}
