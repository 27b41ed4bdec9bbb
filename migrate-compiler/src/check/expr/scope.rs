//! The rules of the forms of expressions. What each form gives is known to [`typing`](crate::typing) alone.

use std::fmt::Display;

use super::written::written_as;
use super::{array, remedy};
use crate::check::function::{self, Argument};
use crate::check::types;
use crate::expr::{Expr, Unary};
use crate::literal::{self, Reading};
use crate::name::Name;
use crate::operation::resolve;
use crate::problem::{Node, Problem, Problems, Role, Slot};
use crate::raw;
use crate::schema::{Schema, Table};
use crate::sql::quote;
use crate::suggestion::did_you_mean;
use crate::types::{Family, Type};
use crate::typing::{self, Frame, Inferred};

/// The context of an expression.
pub(super) struct ExprScope<'a> {
    pub(super) schema: &'a Schema,
    pub(super) owner: &'a Name,
    /// What a name without a table before it is a column of.
    pub(super) bare: Bare<'a>,
    /// The sequence of the column itself, of which an expression is the default.
    pub(super) sequence: Option<Name>,
    /// The whole expression, and which one it is of those that are written with it.
    pub(super) root: &'a Expr,
    pub(super) expression: usize,
    /// The tables whose columns can be named with their table.
    pub(super) frame: Option<&'a Frame<'a>>,
    /// Whether it can have aggregates.
    pub(super) aggregates: Aggregates,
}

/// What a name without a table before it is a column of.
#[derive(Clone, Copy)]
pub(super) enum Bare<'a> {
    /// Of this table.
    Table(&'a Table),
    /// Of nothing: a default can use no column.
    Nothing,
    /// Of one of the tables of a query. Those that are have their table before them by then.
    OfQuery,
}

/// What a query is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum QueryUse {
    /// One value.
    Value,
    /// Whether there is a row.
    Exists,
    /// Each of its rows: values that something is looked for in, or rows that are inserted.
    Rows,
}

/// Whether an expression can have aggregates.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Aggregates {
    /// Of the rows of its query.
    Allowed,
    /// It is in a part of a query that says which rows there are, or in an aggregate.
    Refused(&'static str),
    /// It is in no query.
    Outside,
}

impl ExprScope<'_> {
    /// Reports what is wrong with the expression; what is known of its type.
    pub(super) fn infer(&self, expr: &Expr, problems: &mut Problems) -> Inferred {
        let known = problems.len();
        let sources = self.sources(expr, problems);
        problems.place_since(known, || self.node(expr));
        sources.map_or(Inferred::Unknown, |sources| typing::result(expr, &sources, self.typed()))
    }

    /// The columns, for the types of the expression.
    pub(super) fn typed(&self) -> typing::Scope<'_> {
        let columns = match self.bare {
            Bare::Table(table) => &table.columns[..],
            Bare::Nothing | Bare::OfQuery => &[],
        };
        typing::Scope { frame: self.frame, tables: Some(self.schema.tables().into()), ..typing::Scope::declared(columns) }
    }

    /// Where a part of the expression is.
    pub(super) fn node(&self, part: &Expr) -> Option<Node> {
        Some(Node { expression: self.expression, place: self.root.place_of(part)? })
    }

    /// Reports what is wrong with the expression; what is known of its [sources](typing::infer), `None` where nothing is known of what
    /// is made of them, so that a mistake is one error.
    fn sources(&self, expr: &Expr, problems: &mut Problems) -> Option<Vec<Inferred>> {
        match expr {
            Expr::Null | Expr::Text(_) | Expr::Bool(_) | Expr::Bytes(_) | Expr::Current(_) => {}
            Expr::Raw(text) => {
                let found = self.schema.databases.iter().find_map(|database| raw::expression(text, *database));
                found.into_iter().for_each(|problem| problems.push(problem));
            }
            Expr::Number(digits) => {
                self.literal(expr, literal::of_any_type(digits), "write a number with fewer digits", problems);
            }
            Expr::Nextval(sequence) => self.nextval(sequence, problems),
            Expr::Interval(text) => {
                let wrong = literal::text(text, &Type::Interval, Reading::Cast);
                self.literal(expr, wrong, "write it as `interval \"90 days\"`", problems);
            }
            Expr::Array(list) => {
                let (elements, slot) = (list.iter().collect::<Vec<_>>(), Slot::new(Role::Expression, expr.to_string()));
                let inferred = self.one_type(&elements, (slot, "the elements of an array"), problems);
                array::nested(expr, list, &inferred, problems);
                return Some(inferred);
            }
            Expr::Column(name) => self.column(name, problems),
            Expr::Qualified { table, column } => self.qualified(table, column, problems),
            Expr::Query(query) => return Some(self.query(query, QueryUse::Value, problems)),
            Expr::Exists(query) => drop(self.query(query, QueryUse::Exists, problems)),
            Expr::InQuery { operand, query, negated } => {
                let known = problems.len();
                self.in_query(operand, query, problems);
                if *negated && problems.len() == known {
                    self.not_in_null(operand, query, problems);
                }
            }
            Expr::Aggregate { function, arguments, .. } => return self.aggregate(*function, arguments, problems),
            Expr::Call { function, arguments } => return self.call(function, arguments, problems),
            Expr::Unary { operator: Unary::Not, operand } => {
                let known = problems.len();
                self.logic(operand, "not", problems);
                if let Expr::InQuery { operand, query, negated: false } = &**operand
                    && problems.len() == known
                {
                    self.not_in_null(operand, query, problems);
                }
            }
            Expr::Unary { operator: Unary::Minus, operand } => return Some(vec![self.minus(operand, problems)]),
            Expr::Unary { operator: Unary::BitNot, operand } => return Some(vec![self.bit_not(operand, problems)]),
            Expr::Binary { first, rest } => return self.chain(first, rest, problems),
            Expr::Is { operand, .. } => self.logic(operand, "is", problems),
            Expr::Row(list) => self.row(expr, list, problems),
            Expr::IsNull { operand, .. } => drop(self.infer(operand, problems)),
            Expr::In { operand, list, .. } => self.compare(operand, list.iter(), "in", problems),
            Expr::Between { operand, low, high, .. } => self.compare(operand, [&**low, &**high], "between", problems),
            Expr::Any { operand, array } => self.any(operand, array, problems),
            Expr::Case { operand, arms, otherwise } => {
                return Some(self.case(operand.as_deref(), arms, otherwise.as_deref(), problems));
            }
            Expr::Cast { operand, to } => {
                let from = self.infer(operand, problems);
                self.cast(operand, (&from, to), problems);
            }
            Expr::AtTimeZone { operand, zone } => {
                let inferred = self.infer(operand, problems);
                self.readable(operand, &Type::Timestamptz, problems);
                let family = inferred.operand_family().filter(|family| *family != Family::Time);
                demand(&**operand, family, &Family::Moment, "at time zone", problems);
                self.infer(zone, problems);
                return Some(vec![inferred]);
            }
        }
        Some(Vec::new())
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
    pub(super) fn cast(&self, operand: &Expr, (from, to): (&Inferred, &Type), problems: &mut Problems) {
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
            let help = if is_list {
                format!("write an array: `[{operand}]::{to}`")
            } else {
                "write one value instead of an array".to_owned()
            };
            problems.push(Problem::new("cast_type", Slot::new(Role::Operator, format!("::{to}")), message).help(help));
            return;
        }
        if let (Expr::Array(items), Type::Array(of)) = (operand, to) {
            items.iter().for_each(|item| self.cast(item, (&typing::infer(item, self.typed()), of), problems));
        }
        let Some(from) = from.ty().filter(|from| !from.casts_to(to)) else { return };
        let message = format!("`{operand}` is `{from}`, which cannot be cast to `{to}`");
        let help = format!("write `({operand})::text::{to}` if its text is valid `{to}`");
        problems.push(Problem::new("cast_type", Slot::new(Role::Operator, format!("::{to}")), message).help(help));
    }

    /// Rule `operand_type`. A minus binds less strongly than a cast, as on PostgreSQL.
    fn minus(&self, operand: &Expr, problems: &mut Problems) -> Inferred {
        if matches!(operand, Expr::Null | Expr::Text(_) | Expr::Array(_)) {
            let message = format!("`-` requires a number, found `{operand}`");
            let slot = Slot::new(Role::Operator, Unary::Minus.word());
            problems.push(Problem::new("operand_type", slot, message).help("write a number, without quotes"));
            return Inferred::Unknown;
        }
        let inferred = self.infer(operand, problems);
        if let Some(family) =
            inferred.family().filter(|family| !matches!(family, Family::Number | Family::Interval | Family::Native(_)))
        {
            let message = format!("`-` requires a number, and `{operand}` is {family}");
            let help = if let Expr::Cast { operand, to } = operand {
                format!("write `(-{operand})::{to}`: the cast binds more strongly than `-`")
            } else {
                "remove the `-`".to_owned()
            };
            problems.push(Problem::new("operand_type", Slot::new(Role::Operator, Unary::Minus.word()), message).help(help));
            return Inferred::Unknown;
        }
        inferred
    }

    /// Rule `operand_type`: the bits are those of a whole number.
    fn bit_not(&self, operand: &Expr, problems: &mut Problems) -> Inferred {
        let inferred = self.infer(operand, problems);
        let family = inferred.operand_family();
        let is_number = family == Some(Family::Number);
        demand(operand, family, &Family::Number, "~", problems);
        let what = match &inferred {
            Inferred::Type(ty) if is_number && !ty.is_integer() => format!("`{ty}`"),
            Inferred::Literal => "a literal".to_owned(),
            Inferred::Type(_) | Inferred::Family(_) | Inferred::List(_) | Inferred::Unknown => return inferred,
        };
        let problem = Problem::new("operand_type", Slot::new(Role::Operator, "~"), format!("`~` is not defined for {what}"));
        problems.push(problem.help(remedy::as_integer(operand)));
        Inferred::Unknown
    }

    /// Rule `unknown_sequence`: a sequence of an `identity` or `serial` column. No statement makes another one yet.
    fn nextval(&self, sequence: &Name, problems: &mut Problems) {
        if self.sequence.as_ref() != Some(sequence) && !self.schema.has_sequence(sequence) {
            let names: Vec<String> = self.schema.sequences().map(|name| name.to_string()).collect();
            let near = did_you_mean(&sequence.to_string(), names.iter().map(String::as_str));
            let text = format!("nextval('{}')", quote::name(sequence).replace('\'', "''"));
            let message = format!("unknown sequence `{sequence}`");
            let problem = Problem::new("unknown_sequence", Slot::new(Role::Use, sequence.to_string()), message);
            problems.push(problem.help_if(near).help(format!("write `sql({text:?})` for a sequence that raw SQL created")));
        }
    }

    fn column(&self, name: &str, problems: &mut Problems) {
        match self.bare {
            Bare::Table(table) => drop(resolve::column_in_expression(self.owner, table, name, problems)),
            Bare::Nothing => {}
            Bare::OfQuery => self.of_query(name, problems),
        }
    }

    /// Rules `unknown_function` and `function_arguments`.
    fn call(&self, function: &str, arguments: &[Expr], problems: &mut Problems) -> Option<Vec<Inferred>> {
        let inferred = arguments.iter().map(|expr| Argument { expr, inferred: self.infer(expr, problems) });
        let arguments: Vec<Argument<'_>> = inferred.collect();
        let known = problems.len();
        function::call(self.schema, function, &arguments, problems);
        (problems.len() == known).then(|| arguments.into_iter().map(|argument| argument.inferred).collect())
    }

    pub(super) fn logic(&self, operand: &Expr, word: &str, problems: &mut Problems) {
        let family = self.infer(operand, problems).operand_family();
        self.readable(operand, &Type::Boolean, problems);
        demand(operand, family, &Family::Boolean, word, problems);
    }
}

/// Rule `operand_type`: the operand is of this family.
pub(super) fn demand(shown: &dyn Display, family: Option<Family>, wanted: &Family, word: &str, problems: &mut Problems) {
    if let Some(family) = family.filter(|family| family != wanted && !matches!(family, Family::Native(_))) {
        let message = format!("`{word}` requires {wanted}, and `{shown}` is {family}");
        let help = remedy::demanded(shown, &family, wanted);
        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
    }
}
