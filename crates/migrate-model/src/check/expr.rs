//! The types of expressions. What cannot be known is not guessed: an unknown part is right beside everything.

use std::fmt::Display;

use crate::check::function::Argument;
use crate::check::operator::{self, Operand};
use crate::dialect::quote;
use crate::dialect::typing::{self, type_of};
use crate::expr::{Binary, Current, Expr, Kind, Unary};
use crate::literal::{self, Place};
use crate::name::{Name, Written, WrittenColumn};
use crate::near::did_you_mean;
use crate::operation::look;
use crate::print::Chain;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::raw;
use crate::schema::{Column, Schema, Table};
use crate::types::{self, Family, Type};

/// Checks a condition of a check, or of the rows of an index: rules `not_a_condition`, `unknown_column` and those of its parts.
pub fn condition(schema: &Schema, owner: &Name, table: &Table, condition: &Expr, problems: &mut Problems) {
    let scope = Scope { schema, owner, table: Some(table), sequence: None };
    let family = scope.infer(condition, problems);
    if family.is_some_and(|family| family != Family::Boolean) || matches!(condition, Expr::Text(_)) {
        let message = format!("`{condition}` is not a condition: it is neither true nor false");
        problems.push(
            Problem::new("not_a_condition", Slot::new(Role::Expression, condition.to_string()), message)
                .help("compare it with something"),
        );
    }
}

/// Checks an expression of whatever type.
pub fn value(schema: &Schema, owner: &Name, table: &Table, value: &Expr, problems: &mut Problems) {
    Scope { schema, owner, table: Some(table), sequence: None }.infer(value, problems);
}

/// Checks what `using` makes of a column: rule `using_type`.
pub fn using(schema: &Schema, owner: &Name, table: &Table, using: &Expr, to: &Type, problems: &mut Problems) {
    let scope = Scope { schema, owner, table: Some(table), sequence: None };
    let family = scope.infer(using, problems);
    let wrong = assigns(using, to).map(|wrong| (wrong, None)).or_else(|| {
        let family = family.filter(|family| *family != to.family())?;
        let from = type_of(using, &table.columns);
        let help = from.is_none_or(|from| from.casts_to(to)).then(|| format!("cast it: `({using})::{to}`"));
        Some((format!("`{using}` is {family}, and the new type is `{to}`"), help))
    });
    if let Some((wrong, help)) = wrong {
        let problem = Problem::new("using_type", Slot::new(Role::Using, ""), wrong).help_if(help);
        problems.push(problem.help(format!("write an expression that gives `{to}`")));
    }
}

/// Checks a default: rules `default_type`, `default_null` and `default_column`.
pub fn default(schema: &Schema, owner: &Name, column: &Column, default: &Expr, problems: &mut Problems) {
    let slot = Slot::new(Role::Default, &column.name);
    let shown = Written(&column.name);
    if let Some(used) = default.columns().first() {
        let message = format!("a default cannot use the column `{}`", WrittenColumn(used));
        problems.push(Problem::new("default_column", slot, message).help(format!("write `{used:?}` for a string literal")));
        return;
    }
    if *default == Expr::Null {
        if !column.nullable {
            let message = format!("`{shown}` is not null, so null cannot be its default");
            problems.push(Problem::new("default_null", slot, message).help(format!("write `{shown}: {}?`", column.ty)));
        }
        return;
    }
    let known = problems.len();
    let sequence = column.counter.as_ref().map(|counter| owner.sibling(counter.sequence.as_str()));
    let family = Scope { schema, owner, table: None, sequence }.infer(default, problems);
    if problems.len() > known {
        return;
    }
    let wrong = assigns(default, &column.ty).or_else(|| {
        let family = family.filter(|family| !coerces(family, &column.ty))?;
        Some(format!("`{default}` is {family}, and `{shown}` is `{}`", column.ty))
    });
    if let Some(wrong) = wrong {
        let is_text = matches!(default, Expr::Text(_)) && !matches!(column.ty.family(), Family::Text | Family::Array(_));
        let own = || format!("give `{shown}` a default of its own type, `{}`", column.ty);
        let help = if is_text { written_as(&column.ty) } else { own() };
        problems.push(Problem::new("default_type", slot, wrong).help(help));
    }
}

/// Whether a value of the family is taken for a column of the type without a cast.
fn coerces(family: &Family, ty: &Type) -> bool {
    let wanted = ty.family();
    *family == wanted || matches!(&wanted, Family::Native(name) if !types::is_alone(name))
}

/// Why a literal cannot be assigned to the type; `None` where it can or is no literal.
fn assigns(expr: &Expr, ty: &Type) -> Option<String> {
    let elements = if let Type::Array(of) = ty { Some(of) } else { None };
    match expr {
        Expr::Text(text) if elements.is_some() => {
            Some(format!("{text:?} is text, and the type is `{ty}`: write a list such as `[]` or `[\"a\", \"b\"]`"))
        }
        Expr::Text(text) => literal::text(text, ty, Place::Value).or_else(|| literal::length(text, ty)),
        Expr::Number(digits) => literal::number(digits, false, ty),
        Expr::Unary { operator: Unary::Minus, operand } => literal::number(operand.digits()?, true, ty),
        Expr::Array(list) => match elements {
            Some(elements) => list.iter().find_map(|item| assigns(item, elements)),
            None if matches!(ty, Type::Native(native) if !types::is_alone(&native.name)) => None,
            None => Some(format!("`{expr}` is an array, and the type is `{ty}`")),
        },
        Expr::Null | Expr::Bool(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Column(_) | Expr::Current(_) => None,
        Expr::Nextval(_) | Expr::Call { .. } | Expr::Unary { .. } | Expr::Binary { .. } | Expr::IsNull { .. } => None,
        Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } | Expr::Cast { .. } => None,
        Expr::AtTimeZone { .. } | Expr::Raw(_) | Expr::Is { .. } | Expr::Row(_) => None,
    }
}

/// Where an expression stands.
struct Scope<'a> {
    schema: &'a Schema,
    owner: &'a Name,
    /// The table whose columns it may use; none in a default.
    table: Option<&'a Table>,
    /// The sequence of the column itself, of which an expression is the default.
    sequence: Option<Name>,
}

impl Scope<'_> {
    /// The family of the expression; `None` where it takes the type of what stands beside it, or is not known.
    fn infer(&self, expr: &Expr, problems: &mut Problems) -> Option<Family> {
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
                let wrong = literal::text(text, &Type::Interval, Place::Cast);
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
                self.cast(operand, to, problems);
                Some(to.family())
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
    fn literal(&self, expr: &Expr, wrong: Option<String>, help: &str, problems: &mut Problems) {
        if let Some(wrong) = wrong {
            let slot = Slot::new(Role::Literal, expr.to_string());
            problems.push(Problem::new("literal_type", slot, wrong).help(help.to_owned()));
        }
    }

    /// Rule `cast_type`: a cast leads from one type to another that it can be made of.
    fn cast(&self, operand: &Expr, to: &Type, problems: &mut Problems) {
        if let Expr::Text(text) = operand {
            let wrong = literal::text(text, to, Place::Cast).filter(|_| !matches!(to, Type::Array(_)));
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

    fn columns(&self) -> &[Column] {
        self.table.map_or(&[][..], |table| &table.columns)
    }

    /// Rule `operand_type`. A minus binds less strongly than a cast, as on PostgreSQL.
    fn minus(&self, operand: &Expr, problems: &mut Problems) -> Option<Family> {
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
    fn nextval(&self, sequence: &Name, problems: &mut Problems) -> Option<Family> {
        let owners = self.schema.sequences();
        let own = self.sequence.as_ref();
        if own != Some(sequence) && !owners.iter().any(|(known, ..)| known == sequence) {
            let names: Vec<String> = owners.iter().map(|(name, ..)| name.to_string()).collect();
            let near = did_you_mean(&sequence.to_string(), names.iter().map(String::as_str));
            let text = format!("nextval('{}')", quote::name(sequence).replace('\'', "''"));
            let message = format!("unknown sequence `{sequence}`");
            let problem = Problem::new("unknown_sequence", Slot::new(Role::Use, sequence.to_string()), message);
            problems.push(problem.help_if(near).help(format!("write `sql({text:?})` for a sequence that raw SQL made")));
        }
        Some(Family::Number)
    }

    fn column(&self, name: &str, problems: &mut Problems) -> Option<Family> {
        let table = self.table?;
        look::column_in_expression(self.schema, self.owner, table, name, problems).map(|column| column.ty.family())
    }

    fn array(&self, list: &[Expr], problems: &mut Problems) -> Option<Family> {
        let families: Vec<Option<Family>> = list.iter().map(|item| self.infer(item, problems)).collect();
        families.into_iter().flatten().next().map(|family| Family::Array(Box::new(family)))
    }

    /// Rules `unknown_function` and `function_arguments`.
    fn call(&self, function: &str, arguments: &[Expr], problems: &mut Problems) -> Option<Family> {
        let columns = self.table.map_or(&[][..], |table| &table.columns);
        let known: Vec<Argument<'_>> = arguments
            .iter()
            .map(|expr| Argument { expr, family: self.infer(expr, problems), ty: typing::given(expr, columns) })
            .collect();
        super::function::result(self.schema, function, &known, problems)
    }

    /// Operands from left to right, each with what stands before it.
    fn chain(&self, first: &Expr, rest: &[(Binary, Expr)], problems: &mut Problems) -> Option<Family> {
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
            // Nothing is known of what is made of a wrong operand, so that it is one error.
            if problems.len() > known {
                return None;
            }
            left = Operand { family, ty: typing::combined(operator.kind(), left.ty, right.ty) };
        }
        left.family
    }

    /// Rules `operand_type` and `literal_type`, for operators that calculate, join or look into something; whether they take the two.
    fn operands(
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
                    let wrong = literal::representative(&Family::Number).and_then(|ty| literal::text(text, &ty, Place::Value));
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
        let help = "cast one of them: `x::type`";
        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
    }

    /// What an operator makes of two operands, whose families are known.
    fn joined(
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
            Kind::Concatenation => left.1.or(right.1).or(Some(Family::Text)),
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
    fn whole(&self, shown: &dyn Display, family: Option<Family>, word: &str, problems: &mut Problems) -> Option<Family> {
        demand(shown, family.clone(), &Family::Number, word, problems);
        family
    }

    /// Rule `row_value`: a row is compared with a row, and is no value otherwise.
    fn row(&self, row: &Expr, list: &[Expr], problems: &mut Problems) -> Option<Family> {
        list.iter().for_each(|item| drop(self.infer(item, problems)));
        let message = format!("`{row}` is a row, which can only be compared with another row");
        let slot = Slot::new(Role::Expression, row.to_string());
        problems.push(Problem::new("row_value", slot, message).help("write `(a, b) = (c, d)`, or one value without a comma"));
        None
    }

    /// Rules `row_value` and `row_arity`: rows are compared value by value.
    fn compare_rows(&self, own: &[Expr], row: &Expr, other: &Expr, word: &str, problems: &mut Problems) {
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

    fn logic(&self, operand: &Expr, word: &str, problems: &mut Problems) -> Option<Family> {
        let family = operand_family(operand, self.infer(operand, problems));
        self.readable(operand, &Type::Boolean, problems);
        demand(operand, family, &Family::Boolean, word, problems);
        Some(Family::Boolean)
    }

    /// Rules `operand_type` and `literal_type`: what is compared is of one family.
    fn compare<'e>(
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
        for other in others {
            let beside = self.infer(other, problems);
            match (&family, &beside) {
                (Some(family), Some(beside)) if family != beside => {
                    if !native(family, beside) {
                        let message = format!("`{operand}` is {family} and `{other}` is {beside}, which cannot be compared");
                        problems.push(
                            Problem::new("operand_type", Slot::new(Role::Operator, word), message)
                                .help("cast one of them: `x::type`"),
                        );
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
        }
        Some(Family::Boolean)
    }

    /// Rule `literal_type`: text where a value of the type is expected.
    fn readable(&self, expr: &Expr, ty: &Type, problems: &mut Problems) {
        if let Expr::Text(text) = expr {
            self.literal(expr, literal::text(text, ty, Place::Value), &written_as(ty), problems);
        }
    }

    /// Rule `literal_type`: text beside a value of another type must be readable as one.
    fn literal_beside(&self, expr: &Expr, family: &Family, beside: &Expr, problems: &mut Problems) {
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
        let Some((ty, wrong)) = ty.and_then(|ty| literal::text(text, &ty, Place::Value).map(|wrong| (ty, wrong))) else { return };
        let slot = Slot::new(Role::Literal, expr.to_string());
        let problem = Problem::new("literal_type", slot, wrong).help(written_as(&ty));
        problems.push(problem.note(format!("`{beside}` is {family}")));
    }

    /// Rule `any_needs_array`.
    fn any(&self, operand: &Expr, array: &Expr, problems: &mut Problems) -> Option<Family> {
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
                    let message = format!("`{array}` holds {of}, and `{operand}` is {}", family.unwrap_or(*of.clone()));
                    let help = format!("cast it: `({operand})::{}`", of.word());
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

    fn case(
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
                    problems.push(problem.help("cast one of them: `x::type`"));
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

/// A list of texts is one where nothing beside it gives it another type.
fn operand_family(expr: &Expr, family: Option<Family>) -> Option<Family> {
    let is_list = matches!(expr, Expr::Array(list) if !list.is_empty());
    family.or_else(|| is_list.then(|| Family::Array(Box::new(Family::Text))))
}

/// Rule `operand_type`: the operand is of this family.
fn demand(shown: &dyn Display, family: Option<Family>, wanted: &Family, word: &str, problems: &mut Problems) {
    if let Some(family) = family.filter(|family| family != wanted && !matches!(family, Family::Native(_))) {
        let message = format!("`{word}` takes {wanted}, and `{shown}` is {family}");
        let help = format!("cast it, `({shown})::{}`, or compare it with something", wanted.word());
        problems.push(Problem::new("operand_type", Slot::new(Role::Operator, word), message).help(help));
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
            problems.push(problem.help(format!("cast it to a number: `({side})::bigint`")));
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

/// Whether one of them is a type of one database, of which only that knows what it is compared with.
fn native(one: &Family, other: &Family) -> bool {
    matches!((one, other), (Family::Native(_), _) | (_, Family::Native(_)))
}

/// How a text of the type is written.
fn written_as(ty: &Type) -> String {
    match ty {
        Type::Uuid => "write it as \"67e55044-10b1-426f-9247-bb680e5fe0c8\"",
        Type::Date => "write it as \"2026-11-22\"",
        Type::Timestamp => "write it as \"2026-11-22 09:30:00\"",
        Type::Timestamptz => "write it as \"2026-11-22 09:30:00Z\"",
        Type::Time => "write it as \"09:30:00\"",
        Type::Boolean => "write `true` or `false`",
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            "write a number, without quotes"
        }
        Type::Json => "write JSON, such as \"{}\" or \"[]\"",
        Type::Bytes => "write `b\"\\x00\\xff\"`",
        Type::Interval => "write it as \"90 days\"",
        Type::Text | Type::Varchar(_) | Type::Char(_) | Type::Array(_) | Type::Native(_) => "write a value of that type",
    }
    .to_owned()
}
