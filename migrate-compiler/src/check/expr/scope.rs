//! The types of expressions. What cannot be known is not guessed: an unknown part is right beside everything.

use std::fmt::Display;

use super::remedy;
use super::written::written_as;
use crate::check::function::{self, Argument};
use crate::check::types;
use crate::expr::{Current, Expr, Unary};
use crate::literal::{self, Reading};
use crate::name::Name;
use crate::operation::resolve;
use crate::problem::{Node, Problem, Problems, Role, Slot};
use crate::raw;
use crate::schema::{Column, Schema, Table};
use crate::sql::quote;
use crate::sql::typing::{self, type_of};
use crate::suggestion::did_you_mean;
use crate::types::{Family, Type};

/// Where an expression stands.
pub(super) struct Scope<'a> {
    pub(super) schema: &'a Schema,
    pub(super) owner: &'a Name,
    /// The table whose columns it may use; none in a default.
    pub(super) table: Option<&'a Table>,
    /// The sequence of the column itself, of which an expression is the default.
    pub(super) sequence: Option<Name>,
    /// The whole expression, and which one it is of those that are written with it.
    pub(super) root: &'a Expr,
    pub(super) expression: usize,
}

impl Scope<'_> {
    /// The family of the expression; `None` where it takes the type of what stands beside it, or is not known.
    pub(super) fn infer(&self, expr: &Expr, problems: &mut Problems) -> Option<Family> {
        let known = problems.len();
        let family = self.look(expr, problems);
        problems.place_since(known, || self.node(expr));
        family
    }

    /// Where a part of the expression is.
    pub(super) fn node(&self, part: &Expr) -> Option<Node> {
        Some(Node { expression: self.expression, place: self.root.place_of(part)? })
    }

    fn look(&self, expr: &Expr, problems: &mut Problems) -> Option<Family> {
        match expr {
            Expr::Null | Expr::Text(_) => None,
            Expr::Raw(text) => {
                let found = self.schema.databases.iter().find_map(|database| raw::expression(text, *database));
                found.into_iter().for_each(|problem| problems.push(problem));
                None
            }
            Expr::Bool(_) => Some(Family::Boolean),
            Expr::Number(digits) => {
                self.literal(expr, literal::of_any_type(digits), "write a number of fewer digits", problems);
                Some(Family::Number)
            }
            Expr::Nextval(sequence) => self.nextval(sequence, problems),
            Expr::Bytes(_) => Some(Family::Bytes),
            Expr::Interval(text) => {
                let wrong = literal::text(text, &Type::Interval, Reading::Cast);
                self.literal(expr, wrong, "write it as `interval \"90 days\"`", problems);
                Some(Family::Interval)
            }
            Expr::Current(Current::Time) => Some(Family::Time),
            Expr::Current(Current::Timestamp | Current::Date) => Some(Family::Moment),
            Expr::Current(Current::User | Current::SessionUser) => Some(Family::Text),
            Expr::Array(list) => self.array(list, problems),
            Expr::Column(name) => self.column(name, problems),
            Expr::Call { function, arguments } => self.call(function, arguments, problems),
            Expr::Unary { operator: Unary::Not, operand } => self.logic(operand, "not", problems),
            Expr::Unary { operator: Unary::Minus, operand } => self.minus(operand, problems),
            Expr::Unary { operator: Unary::BitNot, operand } => {
                let family = self.infer(operand, problems);
                self.whole(operand, family, "~", problems)
            }
            Expr::Binary { first, rest } => self.chain(first, rest, problems),
            Expr::Is { operand, .. } => self.logic(operand, "is", problems),
            Expr::Row(list) => self.row(expr, list, problems),
            Expr::IsNull { operand, .. } => {
                self.infer(operand, problems);
                Some(Family::Boolean)
            }
            Expr::In { operand, list, .. } => self.compare(operand, list.iter(), "in", problems),
            Expr::Between { operand, low, high, .. } => self.compare(operand, [&**low, &**high], "between", problems),
            Expr::Any { operand, array } => self.any(operand, array, problems),
            Expr::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref(), problems),
            Expr::Cast { operand, to } => {
                self.infer(operand, problems);
                let known = problems.len();
                self.cast(operand, to, problems);
                let is_unknown = problems.len() > known && to.as_enum().is_some();
                (!is_unknown).then(|| to.family())
            }
            Expr::AtTimeZone { operand, zone } => {
                let family = operand_family(operand, self.infer(operand, problems));
                self.readable(operand, &Type::Timestamptz, problems);
                let is_time = family == Some(Family::Time);
                demand(&**operand, family.filter(|_| !is_time), &Family::Moment, "at time zone", problems);
                self.infer(zone, problems);
                Some(if is_time { Family::Time } else { Family::Moment })
            }
        }
    }

    /// Rule `literal_type`: a literal that no database takes.
    pub(super) fn literal(&self, expr: &Expr, wrong: Option<String>, help: &str, problems: &mut Problems) {
        if let Some(wrong) = wrong {
            let slot = Slot::new(Role::Literal, expr.to_string());
            problems.push(Problem::new("literal_type", slot, wrong).help(help.to_owned()));
        }
    }

    /// Rule `literal_type`: text where a value of the type is expected.
    pub(super) fn readable(&self, expr: &Expr, ty: &Type, problems: &mut Problems) {
        if let Expr::Text(text) = expr {
            self.literal(expr, literal::text(text, ty, Reading::Value), &written_as(ty), problems);
        }
    }

    /// Rules `unknown_type` and `cast_type`: a cast leads from one type to another that it can be made of.
    pub(super) fn cast(&self, operand: &Expr, to: &Type, problems: &mut Problems) {
        if !types::known(self.schema, to, Slot::new(Role::Operator, format!("::{to}")), problems) {
            return;
        }
        if let Expr::Text(text) = operand {
            let wrong = literal::text(text, to, Reading::Cast).filter(|_| !matches!(to, Type::Array(_)));
            self.literal(operand, wrong, &written_as(to), problems);
        }
        let is_listed = matches!(to, Type::Array(_) | Type::Native(_)) || to.family() == Family::Text;
        let is_list =
            matches!(operand, Expr::Text(text) if matches!(to, Type::Array(_)) && !text.trim_start().starts_with(['{', '[']));
        if is_list || matches!(operand, Expr::Array(_)) && !is_listed {
            let message = format!("`{operand}` cannot be cast to `{to}`");
            let help =
                if is_list { format!("write a list: `[{operand}]::{to}`") } else { "write one value, without a list".to_owned() };
            problems.push(Problem::new("cast_type", Slot::new(Role::Operator, format!("::{to}")), message).help(help));
            return;
        }
        if let (Expr::Array(items), Type::Array(of)) = (operand, to) {
            items.iter().for_each(|item| self.cast(item, of, problems));
        }
        let columns = self.columns();
        // PostgreSQL takes a whole number for an `integer` where it is one.
        let is_integer = operand.digits().is_some_and(|digits| digits.parse::<i32>().is_ok());
        let from = if is_integer { Some(Type::Integer) } else { type_of(operand, columns) };
        let Some(from) = from.filter(|from| !from.casts_to(to)) else { return };
        let message = format!("`{operand}` is `{from}`, which cannot be cast to `{to}`");
        let help = format!("write `({operand})::text::{to}`, where its text is one of `{to}`");
        problems.push(Problem::new("cast_type", Slot::new(Role::Operator, format!("::{to}")), message).help(help));
    }

    pub(super) fn columns(&self) -> &[Column] {
        self.table.map_or(&[][..], |table| &table.columns)
    }

    /// Rule `operand_type`. A minus binds less strongly than a cast, as on PostgreSQL.
    pub(super) fn minus(&self, operand: &Expr, problems: &mut Problems) -> Option<Family> {
        if matches!(operand, Expr::Null | Expr::Text(_) | Expr::Array(_)) {
            let message = format!("`-` takes a number, and here is `{operand}`");
            let slot = Slot::new(Role::Expression, format!("-{operand}"));
            problems.push(Problem::new("operand_type", slot, message).help("write a number, without quotes"));
            return None;
        }
        let family = self.infer(operand, problems)?;
        if !matches!(family, Family::Number | Family::Interval | Family::Native(_)) {
            let message = format!("`-` takes a number, and `{operand}` is {family}");
            let help = if let Expr::Cast { operand, to } = operand {
                format!("write `(-{operand})::{to}`: the cast binds more strongly than `-`")
            } else {
                "remove the `-`".to_owned()
            };
            problems.push(Problem::new("operand_type", Slot::new(Role::Expression, format!("-{operand}")), message).help(help));
        }
        Some(family)
    }

    /// Rule `unknown_sequence`: a sequence of an `identity` or `serial` column. No statement makes another one yet.
    pub(super) fn nextval(&self, sequence: &Name, problems: &mut Problems) -> Option<Family> {
        if self.sequence.as_ref() != Some(sequence) && !self.schema.has_sequence(sequence) {
            let names: Vec<String> = self.schema.sequences().map(|name| name.to_string()).collect();
            let near = did_you_mean(&sequence.to_string(), names.iter().map(String::as_str));
            let text = format!("nextval('{}')", quote::name(sequence).replace('\'', "''"));
            let message = format!("unknown sequence `{sequence}`");
            let problem = Problem::new("unknown_sequence", Slot::new(Role::Use, sequence.to_string()), message);
            problems.push(problem.help_if(near).help(format!("write `sql({text:?})` for a sequence that raw SQL made")));
        }
        Some(Family::Number)
    }

    pub(super) fn column(&self, name: &str, problems: &mut Problems) -> Option<Family> {
        let table = self.table?;
        let column = resolve::column_in_expression(self.owner, table, name, problems)?;
        // Of a type that is not there nothing is known.
        let is_unknown = column.ty.as_enum().is_some_and(|of| of.values.is_empty());
        (!is_unknown).then(|| column.ty.family())
    }

    pub(super) fn array(&self, list: &[Expr], problems: &mut Problems) -> Option<Family> {
        let families: Vec<Option<Family>> = list.iter().map(|item| self.infer(item, problems)).collect();
        families.into_iter().flatten().next().map(|family| Family::Array(Box::new(family)))
    }

    /// Rules `unknown_function` and `function_arguments`.
    pub(super) fn call(&self, function: &str, arguments: &[Expr], problems: &mut Problems) -> Option<Family> {
        let columns = self.table.map_or(&[][..], |table| &table.columns);
        let known: Vec<Argument<'_>> = arguments
            .iter()
            .map(|expr| Argument { expr, family: self.infer(expr, problems), ty: typing::given(expr, columns) })
            .collect();
        function::result(self.schema, function, &known, problems)
    }

    pub(super) fn logic(&self, operand: &Expr, word: &str, problems: &mut Problems) -> Option<Family> {
        let family = operand_family(operand, self.infer(operand, problems));
        self.readable(operand, &Type::Boolean, problems);
        demand(operand, family, &Family::Boolean, word, problems);
        Some(Family::Boolean)
    }
}

/// A list of texts is one where nothing beside it gives it another type.
pub(super) fn operand_family(expr: &Expr, family: Option<Family>) -> Option<Family> {
    let is_list = matches!(expr, Expr::Array(list) if !list.is_empty());
    family.or_else(|| is_list.then(|| Family::Array(Box::new(Family::Text))))
}

/// Rule `operand_type`: the operand is of this family.
pub(super) fn demand(shown: &dyn Display, family: Option<Family>, wanted: &Family, word: &str, problems: &mut Problems) {
    if let Some(family) = family.filter(|family| family != wanted && !matches!(family, Family::Native(_))) {
        let message = format!("`{word}` takes {wanted}, and `{shown}` is {family}");
        let help = remedy::demanded(shown, &family, wanted);
        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
    }
}
