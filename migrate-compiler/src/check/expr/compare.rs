//! What compares values: operators, rows, lists, arrays and `case`.

use super::remedy;
use super::scope::{ExprScope, demand};
use super::written::written_as;
use crate::expr::Expr;
use crate::literal::{self, Reading};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::sql::registry::where_true;
use crate::types::{Family, Type};
use crate::typing::Inferred;

impl ExprScope<'_> {
    /// Rule `enum_order`: where an enum is kept as text, its values are in the order of their letters.
    fn ordered(&self, operand: &Expr, family: Option<&Family>, word: &str, problems: &mut Problems) {
        let Some(Family::Enum(of)) = family.filter(|_| ["<", "<=", ">", ">=", "between"].contains(&word)) else { return };
        let Some(database) = where_true(self.schema, |features| !features.enums) else { return };
        let message = format!("the order of the values of `{}` is not supported on {database}", of.name);
        let values = of.values.iter().map(|value| format!("{value:?}")).collect::<Vec<_>>().join(", ");
        let problem = Problem::new("enum_order", Slot::new(Role::Operator, word), message);
        problems.push(
            problem.help(format!("list the values: `{operand} in ({values})`")).note(format!("an enum is text on {database}")),
        );
    }

    /// Rule `row_value`: a row is compared with a row, and is no value otherwise.
    pub(super) fn row(&self, row: &Expr, list: &[Expr], problems: &mut Problems) {
        list.iter().for_each(|item| drop(self.infer(item, problems)));
        let message = format!("`{row}` is a row, which can only be compared with another row");
        let slot = Slot::new(Role::Expression, row.to_string());
        let one = list.first().map_or_else(String::new, |one| format!("write one value, such as `{one}`, or "));
        problems
            .push(Problem::new("row_value", slot, message).help(format!("{one}compare it with a row of {} values", list.len())));
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
            problems.push(Problem::new("row_arity", slot, message).help("compare rows with the same number of values"));
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
    ) {
        if let Expr::Row(own) = operand {
            others.into_iter().for_each(|other| self.compare_rows(own, operand, other, word, problems));
            return;
        }
        let own = self.infer(operand, problems);
        let family = own.family();
        self.ordered(operand, family.as_ref(), word, problems);
        for other in others {
            let known = problems.len();
            let its = self.infer(other, problems);
            self.beside((operand, &own), (other, &its), word, problems);
            // Of a list the operator comes before all of it.
            problems.place_since(known, || self.node(other).filter(|_| word != "in" && word != "between" && word != "case"));
        }
    }

    /// Rules `operand_type` and `literal_type`: two values that are compared are of one family.
    pub(super) fn beside(
        &self,
        (operand, own): (&Expr, &Inferred),
        (other, its): (&Expr, &Inferred),
        word: &str,
        problems: &mut Problems,
    ) {
        null(operand, other, word, problems);
        match (&own.family(), &its.family()) {
            (Some(family), Some(beside)) if family != beside => {
                if !native(family, beside) {
                    let message = format!("`{operand}` is {family} and `{other}` is {beside}, which cannot be compared");
                    let help = remedy::compared((operand, own.ty()), (other, its.ty()));
                    problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
                }
            }
            (Some(Family::Array(_)), Some(_)) => arrays((operand, own), (other, its), word, problems),
            (Some(_), None) => self.literal_beside(other, (operand, own), problems),
            (None, Some(_)) => self.literal_beside(operand, (other, its), problems),
            (None, None) => {
                for ((list, inferred), text) in [((operand, own), other), ((other, its), operand)] {
                    if let (Inferred::List(_), Expr::Text(_)) = (inferred, text) {
                        self.literal_beside(text, (list, &inferred.by_itself()), problems);
                    }
                }
            }
            (Some(_), Some(_)) => {}
        }
    }

    /// Rule `literal_type`: a text that is compared with a value of another type must be valid for that type.
    pub(super) fn literal_beside(&self, expr: &Expr, (beside, inferred): (&Expr, &Inferred), problems: &mut Problems) {
        let Some(family) = &inferred.family() else { return };
        if let (Expr::Array(items), false) = (expr, matches!(family, Family::Array(_) | Family::Native(_))) {
            let message = format!("`{expr}` is an array, and `{beside}` is {family}");
            let problem = Problem::new("literal_type", Slot::new(Role::Literal, expr.to_string()), message);
            let items = items.iter().map(Expr::to_string).collect::<Vec<_>>().join(", ");
            problems.push(problem.help(format!("for a list of values, write `{beside} in ({items})`")));
        }
        if let Expr::Array(items) = expr {
            items.iter().for_each(|item| self.literal_beside(item, (beside, &inferred.element()), problems));
        }
        let Expr::Text(text) = expr else { return };
        if let Family::Array(_) = family {
            let message = format!("{expr} is text, and `{beside}` is {family}");
            let problem = Problem::new("literal_type", Slot::new(Role::Literal, expr.to_string()), message);
            problems.push(problem.help(format!("write an array: `[{expr}]`")));
            return;
        }
        let ty = match inferred.ty() {
            // A comparison does not cut a number off.
            Some(Type::Decimal { .. }) | None => literal::representative(family),
            Some(ty) => Some(ty.clone()),
        };
        let Some((ty, wrong)) = ty.and_then(|ty| literal::text(text, &ty, Reading::Value).map(|wrong| (ty, wrong))) else {
            return;
        };
        let slot = Slot::new(Role::Literal, expr.to_string());
        let problem = Problem::new("literal_type", slot, wrong).help(written_as(&ty));
        problems.push(problem.note(format!("`{beside}` is {family}")));
    }

    /// Rule `any_needs_array`.
    pub(super) fn any(&self, operand: &Expr, array: &Expr, problems: &mut Problems) {
        let own = self.infer(operand, problems);
        let its = self.infer(array, problems);
        let family = own.operand_family();
        if let Some(Family::Array(_)) = family {
            let message = format!("`= any` requires one value on its left, and `{operand}` is an array");
            let help = format!("compare the arrays: `{operand} = {array}`");
            problems.push(Problem::new("any_needs_array", Slot::new(Role::Operator, "="), message).help(help));
            return;
        }
        match its.family() {
            Some(Family::Array(of)) => {
                if family.is_none() {
                    self.literal_beside(operand, (array, &its.element()), problems);
                }
                if let Some(family) = family.filter(|family| *family != *of) {
                    let message = format!("`{array}` is an array of {of}, and `{operand}` is {family}");
                    let help = remedy::demanded(operand, &family, &of);
                    problems.push(Problem::new("operand_type", Slot::new(Role::Operator, "="), message).help(help));
                }
            }
            Some(other) if !matches!(other, Family::Native(_)) => {
                let message = format!("`any` requires an array, and `{array}` is {other}");
                let help = format!("for a list of values, write `{operand} in ({array})`");
                problems.push(Problem::new("any_needs_array", Slot::new(Role::Operator, "="), message).help(help));
            }
            None if matches!(array, Expr::Text(_)) => {
                let message = format!("`any` requires an array, and `{array}` is text");
                let help = format!("write `{operand} = {array}`");
                problems.push(Problem::new("any_needs_array", Slot::new(Role::Operator, "="), message).help(help));
            }
            None => {
                if let Expr::Array(items) = array {
                    items.iter().for_each(|item| self.literal_beside(item, (operand, &own), problems));
                }
            }
            Some(_) => {}
        }
    }

    /// Rules `operand_type` and `literal_type`: a `case` gives one type. What is known of its results, from its `else` on.
    pub(super) fn case(
        &self,
        operand: Option<&Expr>,
        arms: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
        problems: &mut Problems,
    ) -> Vec<Inferred> {
        for (when, _) in arms {
            match operand {
                Some(operand) if *operand == Expr::Null => {
                    let message = "`case null` matches nothing: no value equals null";
                    let problem = Problem::new("operand_type", Slot::new(Role::Operator, "case"), message);
                    problems.push(problem.help(format!("write `case when {when} is null then …`")));
                }
                // A text that is compared with nothing else first is a text.
                Some(Expr::Text(_)) => {
                    let family = self.infer(when, problems).operand_family();
                    demand(when, family, &Family::Text, "case", problems);
                }
                Some(operand) => self.compare(operand, [when], "case", problems),
                None => {
                    let known = problems.len();
                    self.logic(when, "when", problems);
                    problems.place_since(known, || self.node(when));
                }
            }
        }
        let results: Vec<&Expr> = arms.iter().map(|(_, then)| then).chain(otherwise).collect();
        let mut inferred = self.one_type(&results, (Slot::new(Role::Operator, "case"), "the results of `case`"), problems);
        inferred.rotate_right(usize::from(otherwise.is_some()));
        inferred
    }

    /// Rules `operand_type` and `literal_type`: values of which one is the result, or that are held together, are of one family.
    pub(super) fn one_type(&self, values: &[&Expr], (slot, what): (Slot, &str), problems: &mut Problems) -> Vec<Inferred> {
        let mut inferred: Vec<Inferred> = Vec::new();
        let mut known: Option<(Family, &Expr, Inferred)> = None;
        for value in values {
            let its = self.infer(value, problems);
            match (&known, its.operand_family()) {
                (Some((family, beside, one)), Some(other)) if *family != other && !native(family, &other) => {
                    let message = format!("{what} must have the same type: `{beside}` is {family}, `{value}` is {other}");
                    let help = remedy::compared((beside, one.ty()), (value, its.ty()));
                    problems.push(Problem::new("operand_type", slot.clone(), message).help(help));
                }
                (None, Some(family)) => known = Some((family, value, its.by_itself())),
                (Some(_), Some(_)) | (_, None) => {}
            }
            inferred.push(its);
        }
        if let Some((_, beside, one)) = &known {
            values.iter().for_each(|value| self.literal_beside(value, (beside, one), problems));
        }
        inferred
    }
}

/// Rule `operand_type`: PostgreSQL compares arrays of one type only, where single values of the two types could be compared.
fn arrays((one, own): (&Expr, &Inferred), (other, its): (&Expr, &Inferred), word: &str, problems: &mut Problems) {
    let (Some(left), Some(right)) = (own.ty(), its.ty()) else { return };
    if !left.is_same_array(right) {
        let message = format!("`{one}` is `{left}` and `{other}` is `{right}`, which cannot be compared");
        let help = remedy::compared((one, Some(left)), (other, Some(right)));
        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
    }
}

/// Whether one of them is a type of one database, of which only that knows what it is compared with.
fn native(one: &Family, other: &Family) -> bool {
    matches!((one, other), (Family::Native(_), _) | (_, Family::Native(_)))
}

/// Rule `null_comparison`: what is compared with null is null for every row, and never true.
fn null(operand: &Expr, other: &Expr, word: &str, problems: &mut Problems) {
    let value = match [operand, other].map(|expr| *expr == Expr::Null) {
        [_, true] => operand,
        [true, false] => other,
        [false, false] => return,
    };
    let help = match word {
        "=" => format!("write `{value} is null`"),
        "<>" => format!("write `{value} is not null`"),
        "in" => format!("remove `null` from the list, and write `{value} is null` for the rows without a value"),
        "<" | "<=" | ">" | ">=" | "between" => format!("write a value instead of `null`, or `{value} is null`"),
        _ => return,
    };
    let problem = Problem::new("null_comparison", Slot::new(Role::Operator, word), "a comparison with `null` is never true");
    problems.push(problem.help(help).note("it gives null, whatever the other value is"));
}
