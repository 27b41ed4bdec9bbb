//! Arrays of arrays.

use crate::expr::Expr;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::types::Family;
use crate::typing::Inferred;

/// Rule `operand_type`: PostgreSQL makes an array of arrays only of arrays of one length, none of which is null.
pub(super) fn nested(array: &Expr, list: &[Expr], inferred: &[Inferred], problems: &mut Problems) {
    let is_array = |expr: &Expr, its: &Inferred| matches!(expr, Expr::Array(_)) || matches!(its.family(), Some(Family::Array(_)));
    if !list.iter().zip(inferred).any(|(expr, its)| is_array(expr, its)) {
        return;
    }
    let slot = Slot::new(Role::Expression, array.to_string());
    if list.contains(&Expr::Null) {
        let message = "an array of arrays cannot have `null` as an element";
        problems
            .push(Problem::new("operand_type", slot, message).help("write an array of the same length instead of the `null`"));
        return;
    }
    let mut lengths = list.iter().filter_map(|element| if let Expr::Array(items) = element { Some(items.len()) } else { None });
    let first = lengths.next();
    if let Some(other) = lengths.find(|length| Some(*length) != first) {
        let first = first.unwrap_or_default();
        let message = format!("the arrays in an array must have the same length: one has {first}, another {other}");
        problems.push(Problem::new("operand_type", slot, message).help("write arrays of the same length"));
    }
}
