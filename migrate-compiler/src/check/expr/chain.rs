//! Operators that calculate, join, look into something or make a condition.

use std::fmt::Display;

use super::remedy;
use super::scope::{ExprScope, demand};
use crate::expr::{Binary, Expr, OperatorKind};
use crate::literal::{self, Reading};
use crate::print::Chain;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::types::{Family, Type};
use crate::typing::{Inferred, Precision, applied};

impl ExprScope<'_> {
    /// Operands from left to right, each with the operator before it; what is known of each, `None` where one is wrong.
    pub(super) fn chain(&self, first: &Expr, rest: &[(Binary, Expr)], problems: &mut Problems) -> Option<Vec<Inferred>> {
        if let [(operator, right)] = rest
            && operator.kind() == OperatorKind::Comparison
        {
            self.compare(first, [right], operator.spelling(), problems);
            return Some(Vec::new());
        }
        let mut left = self.infer(first, problems);
        let mut all = vec![left.clone()];
        for (place, (operator, expr)) in rest.iter().enumerate() {
            let right = self.infer(expr, problems);
            let before = Chain { first, rest: &rest[..place] };
            let known = problems.len();
            let joined = self.joined(*operator, (&before, &left), (expr, &right), problems);
            problems.place_since(known, || self.node(expr));
            // Nothing is known of what is made of a wrong operand, so that it is one error.
            left = joined?;
            all.push(right);
        }
        Some(all)
    }

    /// Rules `operand_type` and `literal_type`, for operators that calculate, join or look into something: what is made of the two,
    /// `None` where they are not taken.
    fn joined(
        &self,
        operator: Binary,
        (left, one): (&Chain<'_>, &Inferred),
        (right, other): (&Expr, &Inferred),
        problems: &mut Problems,
    ) -> Option<Inferred> {
        let known = problems.len();
        let before = match left.rest {
            [] => left.first.clone(),
            rest => Expr::Binary { first: Box::new(left.first.clone()), rest: rest.to_vec() },
        };
        if let Some(help) = remedy::concatenated(operator, (&before, one), (right, other)) {
            let message = format!("`{}` is not defined for text", operator.spelling());
            problems.push(Problem::new("operand_type", Slot::new(Role::Operator, operator.spelling()), message).help(help));
            return None;
        }
        demanded(operator, (left, one), (right, other), problems);
        if problems.len() == known {
            self.literals(operator, (left, one), (right, other), problems);
        }
        if problems.len() > known {
            return None;
        }
        let result = applied(operator, (one, other), Precision::Declared);
        if result.is_none() {
            let word = operator.spelling();
            let message = format!("`{word}` is not defined for {} and {}", shown(one), shown(other));
            let help = remedy::joined(operator, (&before, one), (right, other));
            problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help_if(help));
        }
        result
    }

    /// Rule `literal_type`: each literal takes the type of the other operand.
    fn literals(
        &self,
        operator: Binary,
        (left, one): (&Chain<'_>, &Inferred),
        (right, other): (&Expr, &Inferred),
        problems: &mut Problems,
    ) {
        let first = left.rest.is_empty().then_some(left.first);
        match operator.kind() {
            OperatorKind::Logic => {
                [Some(right), first].into_iter().flatten().for_each(|expr| self.readable(expr, &Type::Boolean, problems))
            }
            OperatorKind::Concatenation => {
                for (expr, beside, inferred) in [(Some(right), left.first, one), (first, right, other)] {
                    if let (Some(expr), Some(Family::Array(_) | Family::Json)) = (expr, inferred.operand_family()) {
                        self.literal_beside(expr, (beside, &inferred.by_itself()), problems);
                    }
                }
            }
            OperatorKind::Arithmetic | OperatorKind::Bits => {
                for (expr, beside) in [(Some(right), one), (first, other)] {
                    if let (Some(expr @ Expr::Text(text)), Some(family)) = (expr, beside.family()) {
                        self.calculated(expr, (text, &family), problems);
                    }
                }
            }
            OperatorKind::Comparison | OperatorKind::Pattern | OperatorKind::Json | OperatorKind::JsonText => {}
        }
    }

    /// Rule `literal_type`, for text that is calculated with a value of the family.
    fn calculated(&self, expr: &Expr, (text, family): (&str, &Family), problems: &mut Problems) {
        if *family == Family::Number {
            let wrong = literal::representative(family).and_then(|ty| literal::text(text, &ty, Reading::Value));
            self.literal(expr, wrong, "write a number, without quotes", problems);
        }
        if matches!(family, Family::Moment | Family::Time | Family::Interval) {
            let wrong = format!("the type of {text:?} next to {family} is ambiguous");
            let help = format!("write `interval {0:?}` for an interval, `{0:?}::timestamp` for a point in time", text);
            self.literal(expr, Some(wrong), &help, problems);
        }
    }
}

/// What is known of an operand, in words.
fn shown(operand: &Inferred) -> String {
    match (operand.ty(), operand.operand_family()) {
        (Some(ty), _) => format!("`{ty}`"),
        (None, Some(family)) => family.to_string(),
        (None, None) => "a literal".to_owned(),
    }
}

/// Rule `operand_type`: the families that an operator takes, whatever the other operand is.
fn demanded(operator: Binary, (left, one): (&Chain<'_>, &Inferred), (right, other): (&Expr, &Inferred), problems: &mut Problems) {
    let word = operator.spelling();
    let (one, other) = (one.operand_family(), other.operand_family());
    let both = match operator.kind() {
        OperatorKind::Logic | OperatorKind::Comparison => Family::Boolean,
        OperatorKind::Pattern => Family::Text,
        OperatorKind::Bits => Family::Number,
        OperatorKind::Arithmetic => {
            calculates(operator, left, one, problems);
            calculates(operator, right, other, problems);
            return;
        }
        OperatorKind::Concatenation => return,
        OperatorKind::Json | OperatorKind::JsonText => {
            demand(left, one, &Family::Json, word, problems);
            json_path(operator, right, problems);
            return;
        }
    };
    demand(left, one, &both, word, problems);
    demand(right, other, &both, word, problems);
}

/// Rule `operand_type`, for what is never calculated with.
fn calculates(operator: Binary, shown: &dyn Display, family: Option<Family>, problems: &mut Problems) {
    let wrong = |family: &Family| matches!(family, Family::Boolean | Family::Text | Family::Json | Family::Uuid | Family::Bytes);
    if let Some(family) = family.filter(wrong) {
        let message = format!("`{}` is not defined for `{shown}`, which is {family}", operator.spelling());
        let problem = Problem::new("operand_type", Slot::new(Role::Operator, operator.spelling()), message);
        problems.push(problem.help(remedy::demanded(shown, &family, &Family::Number)));
    }
}

/// Rule `literal_type`, for the path of `#>` and `#>>`: a list of keys.
fn json_path(operator: Binary, path: &Expr, problems: &mut Problems) {
    if let (Binary::JsonPath | Binary::JsonPathText, Expr::Text(text)) = (operator, path) {
        let message = format!("`{}` requires an array of keys, and {:?} is text", operator.spelling(), &**text);
        let keys: Vec<&str> = text.trim_matches(['{', '}']).split(',').map(str::trim).collect();
        let help = format!("write `[{}]`", keys.iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(", "));
        problems.push(Problem::new("literal_type", Slot::new(Role::Literal, path.to_string()), message).help(help));
    }
}
