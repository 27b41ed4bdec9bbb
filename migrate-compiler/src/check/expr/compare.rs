//! What compares values: operators, rows, lists, arrays and `case`.

use super::remedy;
use super::scope::{Scope, demand, operand_family};
use super::written::written_as;
use crate::expr::Expr;
use crate::literal::{self, Reading};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::sql::registry::where_true;
use crate::sql::typing::{self, type_of};
use crate::types::{Family, Type};

impl Scope<'_> {
    /// Rule `enum_order`: where an enum is kept as text, its values are in the order of their letters.
    fn ordered(&self, family: Option<&Family>, word: &str, problems: &mut Problems) {
        let Some(Family::Enum(of)) = family.filter(|_| ["<", "<=", ">", ">=", "between"].contains(&word)) else { return };
        let Some(database) = where_true(self.schema, |features| !features.enums) else { return };
        let message = format!("{database} does not know the order of the values of `{}`", of.name);
        let problem = Problem::new("enum_order", Slot::new(Role::Operator, word), message);
        problems
            .push(problem.help("list the values: `… in (\"…\", \"…\")`").note(format!("on {database} an enum is kept as text")));
    }

    /// Rule `row_value`: a row is compared with a row, and is no value otherwise.
    pub(super) fn row(&self, row: &Expr, list: &[Expr], problems: &mut Problems) -> Option<Family> {
        list.iter().for_each(|item| drop(self.infer(item, problems)));
        let message = format!("`{row}` is a row, which can only be compared with another row");
        let slot = Slot::new(Role::Expression, row.to_string());
        problems.push(Problem::new("row_value", slot, message).help("write `(a, b) = (c, d)`, or one value without a comma"));
        None
    }

    /// Rules `row_value` and `row_arity`: rows are compared value by value.
    pub(super) fn compare_rows(&self, own: &[Expr], row: &Expr, other: &Expr, word: &str, problems: &mut Problems) {
        let Expr::Row(others) = other else {
            self.row(row, own, problems);
            return;
        };
        if own.len() != others.len() {
            let message = format!("`{row}` has {} values, and `{other}` has {}", own.len(), others.len());
            let slot = Slot::new(Role::Operator, word);
            problems.push(Problem::new("row_arity", slot, message).help("compare rows of as many values"));
            return;
        }
        for (one, other) in own.iter().zip(others) {
            self.compare(one, [other], word, problems);
        }
    }

    /// Rules `operand_type` and `literal_type`: what is compared is of one family.
    pub(super) fn compare<'e>(
        &self,
        operand: &Expr,
        others: impl IntoIterator<Item = &'e Expr>,
        word: &str,
        problems: &mut Problems,
    ) -> Option<Family> {
        if let Expr::Row(own) = operand {
            others.into_iter().for_each(|other| self.compare_rows(own, operand, other, word, problems));
            return Some(Family::Boolean);
        }
        let family = self.infer(operand, problems);
        self.ordered(family.as_ref(), word, problems);
        for other in others {
            let known = problems.len();
            let beside = self.infer(other, problems);
            match (&family, &beside) {
                (Some(family), Some(beside)) if family != beside => {
                    if !native(family, beside) {
                        let message = format!("`{operand}` is {family} and `{other}` is {beside}, which cannot be compared");
                        let (one, two) = (self.given(operand), self.given(other));
                        let help = remedy::compared((operand, one.as_ref()), (other, two.as_ref()));
                        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
                    }
                }
                (Some(family), None) => self.literal_beside(other, family, operand, problems),
                (None, Some(beside)) => self.literal_beside(operand, beside, other, problems),
                (None, None) => {
                    for (list, text) in [(operand, other), (other, operand)] {
                        if let (Some(of), Expr::Text(_)) = (operand_family(list, None), text) {
                            self.literal_beside(text, &of, list, problems);
                        }
                    }
                }
                (Some(_), Some(_)) => {}
            }
            // Of a list the operator comes before all of it.
            problems.place_since(known, || self.node(other).filter(|_| word != "in" && word != "between" && word != "case"));
        }
        Some(Family::Boolean)
    }

    /// Rule `literal_type`: text beside a value of another type must be readable as one.
    pub(super) fn literal_beside(&self, expr: &Expr, family: &Family, beside: &Expr, problems: &mut Problems) {
        if let (Expr::Array(_), false) = (expr, matches!(family, Family::Array(_) | Family::Native(_))) {
            let message = format!("`{expr}` is an array, and `{beside}` is {family}");
            let problem = Problem::new("literal_type", Slot::new(Role::Literal, expr.to_string()), message);
            problems.push(problem.help("for a list of values, write `x in (a, b)`"));
        }
        if let (Expr::Array(items), Family::Array(of)) = (expr, family) {
            items.iter().for_each(|item| self.literal_beside(item, of, beside, problems));
        }
        let Expr::Text(text) = expr else { return };
        if let Family::Array(_) = family {
            let message = format!("{expr} is text, and `{beside}` is {family}");
            let problem = Problem::new("literal_type", Slot::new(Role::Literal, expr.to_string()), message);
            problems.push(problem.help(format!("write a list: `[{expr}]`")));
            return;
        }
        let ty = match type_of(beside, self.columns()).filter(|ty| ty.family() == *family) {
            // A comparison does not cut a number off.
            Some(Type::Decimal { .. }) | None => literal::representative(family),
            Some(ty) => Some(ty),
        };
        let Some((ty, wrong)) = ty.and_then(|ty| literal::text(text, &ty, Reading::Value).map(|wrong| (ty, wrong))) else {
            return;
        };
        let slot = Slot::new(Role::Literal, expr.to_string());
        let problem = Problem::new("literal_type", slot, wrong).help(written_as(&ty));
        problems.push(problem.note(format!("`{beside}` is {family}")));
    }

    /// Rule `any_needs_array`.
    pub(super) fn any(&self, operand: &Expr, array: &Expr, problems: &mut Problems) -> Option<Family> {
        let family = operand_family(operand, self.infer(operand, problems));
        if let Some(Family::Array(_)) = family {
            self.infer(array, problems);
            let message = format!("`any` looks for one value, and `{operand}` is an array");
            let help = "compare the arrays, `a = b`, or name one value";
            problems.push(Problem::new("any_needs_array", Slot::new(Role::Operator, "="), message).help(help));
            return Some(Family::Boolean);
        }
        match self.infer(array, problems) {
            Some(Family::Array(of)) => {
                if family.is_none() {
                    self.literal_beside(operand, &of, array, problems);
                }
                if family.as_ref().is_some_and(|family| *family != *of) {
                    let family = family.unwrap_or(*of.clone());
                    let message = format!("`{array}` holds {of}, and `{operand}` is {family}");
                    let help = remedy::demanded(operand, &family, &of);
                    problems.push(Problem::new("operand_type", Slot::new(Role::Operator, "="), message).help(help));
                }
            }
            Some(other) if !matches!(other, Family::Native(_)) => {
                let message = format!("`any` looks into an array, and `{array}` is {other}");
                let help = "for a list of values, write `x in (a, b)`";
                problems.push(Problem::new("any_needs_array", Slot::new(Role::Operator, "="), message).help(help));
            }
            None if matches!(array, Expr::Text(_)) => {
                let message = format!("`any` looks into an array, and `{array}` is text");
                let help = format!("write `{operand} = {array}`");
                problems.push(Problem::new("any_needs_array", Slot::new(Role::Operator, "="), message).help(help));
            }
            None => {
                if let (Expr::Array(items), Some(family)) = (array, &family) {
                    items.iter().for_each(|item| self.literal_beside(item, family, operand, problems));
                }
            }
            Some(_) => {}
        }
        Some(Family::Boolean)
    }

    /// The type of an expression, of a number as it was written the one that PostgreSQL gives it.
    fn given(&self, expr: &Expr) -> Option<Type> {
        typing::given(expr, self.columns())
    }

    pub(super) fn case(
        &self,
        operand: Option<&Expr>,
        arms: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        problems: &mut Problems,
    ) -> Option<Family> {
        for (when, _) in arms {
            match operand {
                Some(operand) if *operand == Expr::Null => {
                    let message = "`case null` compares nothing: no value equals null";
                    let problem = Problem::new("operand_type", Slot::new(Role::Operator, "case"), message);
                    problems.push(problem.help("write `case when … is null then …`"));
                    None
                }
                // A text that is compared with nothing else first is a text.
                Some(Expr::Text(_)) => {
                    let family = operand_family(when, self.infer(when, problems));
                    demand(when, family, &Family::Text, "case", problems);
                    None
                }
                Some(operand) => self.compare(operand, [when], "case", problems),
                None => self.logic(when, "when", problems),
            };
        }
        let results = arms.iter().map(|(_, then)| then).chain(otherwise);
        let mut known: Option<(Family, &Expr)> = None;
        for result in results {
            let family = operand_family(result, self.infer(result, problems));
            match (&known, family) {
                (Some((first, beside)), Some(family)) if *first != family && !native(first, &family) => {
                    let message = format!("`case` gives one type, and `{beside}` is {first} and `{result}` is {family}");
                    let problem = Problem::new("operand_type", Slot::new(Role::Operator, "case"), message);
                    let (one, other) = (self.given(beside), self.given(result));
                    problems.push(problem.help(remedy::compared((beside, one.as_ref()), (result, other.as_ref()))));
                }
                (None, Some(family)) => known = Some((family, result)),
                (Some(_), Some(_)) | (_, None) => {}
            }
        }
        let results = arms.iter().map(|(_, then)| then).chain(otherwise);
        if let Some((family, beside)) = &known {
            results.for_each(|result| self.literal_beside(result, family, beside, problems));
        }
        known.map(|(family, _)| family)
    }
}

/// Whether one of them is a type of one database, of which only that knows what it is compared with.
fn native(one: &Family, other: &Family) -> bool {
    matches!((one, other), (Family::Native(_), _) | (_, Family::Native(_)))
}
