//! Operators that calculate, join, look into something or make a condition.

use std::fmt::Display;

use super::operator::{self, Operand};
use super::remedy;
use super::scope::{Scope, demand, operand_family};
use crate::expr::{Binary, Expr, Kind};
use crate::literal::{self, Reading};
use crate::print::Chain;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::sql::typing;
use crate::types::{Family, Type};

impl Scope<'_> {
    /// Operands from left to right, each with what stands before it.
    pub(super) fn chain(&self, first: &Expr, rest: &[(Binary, Expr)], problems: &mut Problems) -> Option<Family> {
        if let [(operator, right)] = rest
            && operator.kind() == Kind::Comparison
        {
            return self.compare(first, [right], operator.spelling(), problems);
        }
        let columns = self.columns();
        let mut left = Operand { family: operand_family(first, self.infer(first, problems)), ty: typing::given(first, columns) };
        for (place, (operator, expr)) in rest.iter().enumerate() {
            let right = Operand { family: operand_family(expr, self.infer(expr, problems)), ty: typing::given(expr, columns) };
            let before = || Chain { first, rest: &rest[..place] };
            let known = problems.len();
            let family = self.joined(*operator, (before(), left.family.clone()), (expr, right.family.clone()), problems);
            if problems.len() == known {
                self.operands(*operator, (&before(), &left), (expr, &right), problems);
            }
            problems.place_since(known, || self.node(expr));
            // Nothing is known of what is made of a wrong operand, so that it is one error.
            if problems.len() > known {
                return None;
            }
            left = Operand { family, ty: typing::combined(operator.kind(), left.ty, right.ty) };
        }
        left.family
    }

    /// Rules `operand_type` and `literal_type`, for operators that calculate, join or look into something; whether they take the two.
    pub(super) fn operands(
        &self,
        operator: Binary,
        (left, one): (&Chain<'_>, &Operand),
        (right, other): (&Expr, &Operand),
        problems: &mut Problems,
    ) {
        let known = problems.len();
        if operator.kind() == Kind::Logic {
            [Some(right), left.rest.is_empty().then_some(left.first)]
                .into_iter()
                .flatten()
                .for_each(|expr| self.readable(expr, &Type::Boolean, problems));
        }
        if operator.kind() == Kind::Concatenation {
            for (expr, beside, family) in
                [(Some(right), left.first, &one.family), (left.rest.is_empty().then_some(left.first), right, &other.family)]
            {
                if let (Some(expr), Some(family @ (Family::Array(_) | Family::Json))) = (expr, family) {
                    self.literal_beside(expr, family, beside, problems);
                }
            }
        }
        if matches!(operator.kind(), Kind::Arithmetic | Kind::Bits) {
            for (expr, beside) in [(Some(right), one), (left.rest.is_empty().then_some(left.first), other)] {
                if let (Some(Expr::Text(text)), Some(Family::Number)) = (expr, &beside.family) {
                    let wrong = literal::representative(&Family::Number).and_then(|ty| literal::text(text, &ty, Reading::Value));
                    self.literal(&Expr::Text(text.clone()), wrong, "write a number, without quotes", problems);
                }
                if let (Some(Expr::Text(text)), Some(family @ (Family::Moment | Family::Time | Family::Interval))) =
                    (expr, &beside.family)
                {
                    let wrong = format!("{:?} beside {family} may be read in two ways", &**text);
                    let help = "write `interval \"1 day\"`, or cast it: `\"2026-11-22\"::date`";
                    self.literal(&Expr::Text(text.clone()), Some(wrong), help, problems);
                }
            }
        }
        if problems.len() > known || operator::takes(operator, one, other) {
            return;
        }
        let word = operator.spelling();
        let what = |operand: &Operand| match (&operand.ty, &operand.family) {
            (Some(ty), _) => format!("`{ty}`"),
            (None, Some(family)) => family.to_string(),
            (None, None) => "a literal".to_owned(),
        };
        let message = format!("`{word}` is not defined for {} and {}", what(one), what(other));
        let before = match left.rest {
            [] => left.first.clone(),
            rest => Expr::Binary { first: Box::new(left.first.clone()), rest: rest.to_vec() },
        };
        let help = remedy::joined(operator, (&before, one), (right, other));
        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help_if(help));
    }

    /// What an operator makes of two operands, whose families are known.
    pub(super) fn joined(
        &self,
        operator: Binary,
        left: (Chain<'_>, Option<Family>),
        right: (&Expr, Option<Family>),
        problems: &mut Problems,
    ) -> Option<Family> {
        let word = operator.spelling();
        match operator.kind() {
            Kind::Logic | Kind::Comparison => {
                demand(&left.0, left.1, &Family::Boolean, word, problems);
                demand(right.0, right.1, &Family::Boolean, word, problems);
                Some(Family::Boolean)
            }
            Kind::Pattern => {
                demand(&left.0, left.1, &Family::Text, word, problems);
                demand(right.0, right.1, &Family::Text, word, problems);
                Some(Family::Boolean)
            }
            Kind::Arithmetic => arithmetic(operator, left, right, problems),
            Kind::Concatenation => {
                let joined = [left.1, right.1].into_iter().flatten().find(Family::is_joined);
                joined.or(Some(Family::Text))
            }
            Kind::Json | Kind::JsonText => {
                demand(&left.0, left.1, &Family::Json, word, problems);
                json_path(operator, right.0, problems);
                Some(if operator.kind() == Kind::Json { Family::Json } else { Family::Text })
            }
            Kind::Bits => {
                let left = self.whole(&left.0, left.1, word, problems);
                let right = self.whole(right.0, right.1, word, problems);
                left.filter(|family| *family == Family::Number).or(right.filter(|family| *family == Family::Number))
            }
        }
    }

    /// Rule `operand_type`: an operator on bits takes a whole number, or a value of a type of one database.
    pub(super) fn whole(
        &self,
        shown: &dyn Display,
        family: Option<Family>,
        word: &str,
        problems: &mut Problems,
    ) -> Option<Family> {
        demand(shown, family.clone(), &Family::Number, word, problems);
        family
    }
}

/// Rule `operand_type`, for what calculates. Nothing is known of what is made of a wrong operand, so that it is one error.
fn arithmetic(
    operator: Binary,
    left: (Chain<'_>, Option<Family>),
    right: (&Expr, Option<Family>),
    problems: &mut Problems,
) -> Option<Family> {
    let wrong = |family: &Family| matches!(family, Family::Boolean | Family::Text | Family::Json | Family::Uuid | Family::Bytes);
    let known = problems.len();
    let (left, right): ((&dyn Display, _), (&dyn Display, _)) = ((&left.0, left.1), (right.0, right.1));
    for (side, family) in [&left, &right] {
        if let Some(family) = family.as_ref().filter(|family| wrong(family)) {
            let message = format!("`{}` calculates, and `{side}` is {family}", operator.spelling());
            let problem = Problem::new("operand_type", Slot::new(Role::Operator, operator.spelling()), message);
            problems.push(problem.help(remedy::demanded(side, family, &Family::Number)));
        }
    }
    match (left.1, right.1) {
        _ if problems.len() > known => None,
        (Some(Family::Moment), Some(Family::Moment)) => Some(Family::Interval),
        (Some(Family::Moment), _) | (_, Some(Family::Moment)) => Some(Family::Moment),
        (one, other) => one.or(other),
    }
}

/// Rule `literal_type`, for the path of `#>` and `#>>`: a list of keys.
fn json_path(operator: Binary, path: &Expr, problems: &mut Problems) {
    if let (Binary::JsonPath | Binary::JsonPathText, Expr::Text(text)) = (operator, path) {
        let message = format!("{:?} is text, and `{}` takes a list of keys", &**text, operator.spelling());
        let keys: Vec<&str> = text.trim_matches(['{', '}']).split(',').map(str::trim).collect();
        let help = format!("write `[{}]`", keys.iter().map(|key| format!("{key:?}")).collect::<Vec<_>>().join(", "));
        problems.push(Problem::new("literal_type", Slot::new(Role::Literal, path.to_string()), message).help(help));
    }
}
