//! Expressions in their contexts: conditions, values, defaults and `using`.

mod array;
mod chain;
mod compare;
mod condition;
mod insert;
mod names;
mod nulls;
mod query;
pub(super) mod remedy;
mod rows;
mod scope;
mod written;

pub use self::insert::{inserted, never_null, one_beside};
use self::scope::{Aggregates, Bare, ExprScope};
use self::written::written_as;
use crate::check::counterpart::counterpart;
use crate::expr::{CurrentValue, Expr, FromTable, Unary};
use crate::literal::{self, Reading, Sign};
use crate::name::{Name, Written, WrittenColumn};
use crate::problem::{Node, Problem, Problems, Role, Slot};
use crate::schema::{Column, Schema, Table};
use crate::types::{self, Family, Type};
use crate::typing::function::{FUNCTIONS, Function};
use crate::typing::{Frame, Scope, infer};

/// The table whose columns an expression uses.
#[derive(Clone, Copy)]
pub struct Owner<'a> {
    /// The schema that it is in.
    pub schema: &'a Schema,
    /// Its name.
    pub name: &'a Name,
    /// The table.
    pub table: &'a Table,
    /// Another table that the statement reads.
    pub beside: Option<&'a FromTable>,
}

impl<'a> Owner<'a> {
    /// A table in a schema.
    pub fn of(schema: &'a Schema, name: &'a Name, table: &'a Table) -> Owner<'a> {
        Owner { schema, name, table, beside: None }
    }

    /// Where an expression of the table is, which of those of its part it is.
    fn scope<'f>(self, frame: &'f Frame<'f>, (expression, root): (usize, &'f Expr)) -> ExprScope<'f>
    where
        'a: 'f,
    {
        let Owner { schema, name: owner, table, beside: _ } = self;
        let (bare, frame, aggregates) = (Bare::Table(table), Some(frame), Aggregates::Outside);
        ExprScope { schema, owner, bare, sequence: None, root, expression, frame, aggregates }
    }

    /// The table itself, which queries in its expressions can name.
    fn frame(self) -> Frame<'a> {
        Frame::beside(self.name, self.table, self.beside, self.schema.tables().into())
    }
}

/// Rule `query_here`: whether an expression, which one it is of those of its part, has no query where none can be.
pub fn without_query(what: &str, (place, expr): (usize, &Expr), help: &str, problems: &mut Problems) -> bool {
    let mut found = None;
    expr.walk_own(&mut |part| found = found.or(part.own_query().map(|_| part)));
    let Some(part) = found else { return true };
    let node = expr.place_of(part).map(|at| Node { expression: place, place: at });
    let problem = Problem::new("query_here", Slot::new(Role::Query, "select"), format!("{what} cannot contain a query"));
    problems.push(Problem { node, ..problem.help(help) });
    false
}

/// Checks a condition of a check, or of the rows of an index: rules `not_a_condition`, `unknown_column` and those of its parts.
pub fn condition(owner: &Owner<'_>, (place, condition): (usize, &Expr), problems: &mut Problems) {
    let frame = owner.frame();
    owner.scope(&frame, (place, condition)).condition(condition, problems);
}

/// Checks an expression of whatever type.
pub fn value(owner: &Owner<'_>, (place, value): (usize, &Expr), problems: &mut Problems) {
    let frame = owner.frame();
    owner.scope(&frame, (place, value)).infer(value, problems);
}

/// Checks what `using` makes of a column: rule `using_type`.
pub fn using(owner: &Owner<'_>, using: &Expr, to: &Type, problems: &mut Problems) {
    if !without_query("`using`", (0, using), "add another column, set its values with `update`, and drop this one", problems) {
        return;
    }
    let frame = owner.frame();
    let inferred = owner.scope(&frame, (0, using)).infer(using, problems);
    let wrong = assigns(using, to).map(|wrong| (wrong, None)).or_else(|| {
        let family = inferred.family().filter(|family| *family != to.family())?;
        let help = inferred.ty().is_none_or(|from| from.casts_to(to)).then(|| format!("write `using ({using})::{to}`"));
        Some((format!("`{using}` is {family}, and the new type is `{to}`"), help))
    });
    if let Some((wrong, help)) = wrong {
        let problem = Problem::new("using_type", Slot::new(Role::Using, ""), wrong).help_if(help);
        problems.push(problem.help(format!("write an expression of type `{to}`")));
    }
}

/// What a value that is assigned to a column may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// No column: the row is new.
    NewRow,
    /// The columns of the row as it was.
    Row,
}

/// Checks a value that a row gets in a column: rules `value_column`, `value_type` and those of its parts.
pub fn assigned(owner: Owner<'_>, column: &Column, (place, value): (usize, &Expr), over: Over, problems: &mut Problems) {
    let problem = |code: &'static str, message: String| Problem {
        node: Some(Node { expression: place, place: 0 }),
        ..Problem::new(code, Slot::new(Role::Expression, value.to_string()), message)
    };
    if let (Over::NewRow, Some(used)) = (over, value.columns().first()) {
        let message = format!("a new row has no columns yet, so its values cannot use `{}`", WrittenColumn(used));
        let call = function(used, &column.ty).map(|call| format!("write `{call}`"));
        problems.push(problem("value_column", message).help_if(call).help(format!("write `{used:?}` for a string literal")));
        return;
    }
    if *value == Expr::Null {
        return;
    }
    let known = problems.len();
    let frame = owner.frame();
    let own = owner.scope(&frame, (place, value));
    let scope = match over {
        Over::NewRow => ExprScope { bare: Bare::Nothing, frame: None, ..own },
        Over::Row => own,
    };
    let inferred = scope.infer(value, problems);
    if problems.len() > known || column.ty.is_unknown() {
        return;
    }
    let (shown, ty) = (Written(&column.name), &column.ty);
    let wrong = assigns(value, ty).or_else(|| {
        let family = inferred.family().filter(|family| !coerces(family, ty))?;
        Some(format!("`{value}` is {family}, and `{shown}` is `{ty}`"))
    });
    if let Some(wrong) = wrong {
        let is_text = matches!(value, Expr::Text(_)) && ty.family() != Family::Text;
        let cast = if value.is_number() { None } else { remedy::taken(value, inferred.ty(), ty) };
        let help = if is_text { written_as(ty) } else { format!("write a value of type `{ty}`") };
        let (wrong, call) = quoted(value, ty).map_or((wrong, None), |(wrong, call)| (wrong, Some(call)));
        problems.push(problem("value_type", wrong).help_if(call).help_if(truth(value, ty)).help_if(cast).help(help));
    }
}

/// Checks a default: rules `default_type`, `default_null` and `default_column`.
pub fn default(schema: &Schema, owner: &Name, column: &Column, default: &Expr, problems: &mut Problems) {
    let slot = Slot::new(Role::Default, &column.name);
    let shown = Written(&column.name);
    if !without_query("a default", (0, default), "write one value, and set others with `update`", problems) {
        return;
    }
    if let Some(used) = default.columns().first() {
        let message = format!("a default cannot use the column `{}`", WrittenColumn(used));
        let call = function(used, &column.ty).map(|call| format!("write `{call}`"));
        let problem = Problem::new("default_column", slot, message).help_if(call);
        problems.push(problem.help(format!("write `{used:?}` for a string literal")));
        return;
    }
    if *default == Expr::Null {
        if !column.nullable {
            let message = format!("`{shown}` is `not null`, so its default cannot be null");
            problems.push(Problem::new("default_null", slot, message).help(format!(
                "make the column nullable: `{shown}: {}?`, or `alter {shown} drop not null;` before it",
                column.ty
            )));
        }
        return;
    }
    let known = problems.len();
    let sequence = column.counter.as_ref().map(|counter| owner.sibling(counter.sequence.as_str()));
    let (bare, aggregates) = (Bare::Nothing, Aggregates::Outside);
    let scope = ExprScope { schema, owner, bare, sequence, root: default, expression: 0, frame: None, aggregates };
    let inferred = scope.infer(default, problems);
    if problems.len() > known || column.ty.is_unknown() {
        return;
    }
    let wrong = assigns(default, &column.ty).or_else(|| {
        let family = inferred.family().filter(|family| !coerces(family, &column.ty))?;
        Some(format!("`{default}` is {family}, and `{shown}` is `{}`", column.ty))
    });
    if let Some(wrong) = wrong {
        let is_text = matches!(default, Expr::Text(_)) && column.ty.family() != Family::Text;
        let own = || format!("write a default of type `{}` for `{shown}`", column.ty);
        let help = if is_text { written_as(&column.ty) } else { own() };
        let (wrong, call) = quoted(default, &column.ty).map_or((wrong, None), |(wrong, call)| (wrong, Some(call)));
        let cast = if default.is_number() { None } else { remedy::taken(default, inferred.ty(), &column.ty) };
        let problem = Problem::new("default_type", slot, wrong).help_if(call).help_if(truth(default, &column.ty));
        problems.push(problem.help_if(cast).help(help));
    }
}

/// Rules `default_type` and `value_type` of a call in quotes: `"now()"`. What is wrong, and what to write.
fn quoted(value: &Expr, ty: &Type) -> Option<(String, String)> {
    let Expr::Text(text) = value else { return None };
    let call = function(text.strip_suffix("()").unwrap_or(text), ty)?;
    Some((format!("{value} is a string literal, not the value of `{call}`"), format!("write `{call}`")))
}

/// A call without arguments, or a word for the current moment, that gives a value of the type.
fn function(name: &str, ty: &Type) -> Option<Expr> {
    let name = name.to_lowercase();
    let current = CurrentValue::ALL.into_iter().find(|current| current.word() == name).map(Expr::Current);
    let is_it = |function: &&Function| function.name == name && function.arity == (0, 0);
    let call = || FUNCTIONS.iter().find(is_it).map(|_| Expr::Call { function: name.clone(), arguments: Vec::new() });
    let called = current.or_else(call).or_else(|| counterpart(&name, Vec::new()))?;
    let family = infer(&called, Scope::declared(&[])).family();
    family.is_some_and(|family| coerces(&family, ty)).then_some(called)
}

/// `true` or `false` for the number that other databases write for it.
fn truth(value: &Expr, ty: &Type) -> Option<String> {
    let digits = value.digits().filter(|_| *ty == Type::Boolean)?;
    match digits {
        "0" => Some("write `false`".to_owned()),
        "1" => Some("write `true`".to_owned()),
        _ => None,
    }
}

/// Whether a value can be one of a column of the type, as far as the value alone tells.
pub fn fits(value: &Expr, ty: &Type) -> bool {
    let family = infer(value, Scope::declared(&[])).family();
    assigns(value, ty).is_none() && family.is_none_or(|family| coerces(&family, ty))
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
        Expr::Text(text) if elements.is_some() => Some(format!("{text:?} is text, and the type is `{ty}`")),
        Expr::Text(text) => literal::text(text, ty, Reading::Value).or_else(|| literal::length(text, ty)),
        Expr::Number(digits) => literal::number(Sign::Plus, digits, ty),
        Expr::Unary { operator: Unary::Minus, operand } => literal::number(Sign::Minus, operand.digits()?, ty),
        Expr::Array(list) => match elements {
            Some(elements) => list.iter().find_map(|item| assigns(item, elements)),
            None if matches!(ty, Type::Native(native) if !types::is_alone(&native.name)) => None,
            None => Some(format!("`{expr}` is an array, and the type is `{ty}`")),
        },
        Expr::Null | Expr::Bool(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Column(_) | Expr::Current(_) => None,
        Expr::Nextval(_) | Expr::Call { .. } | Expr::Unary { .. } | Expr::Binary { .. } | Expr::IsNull { .. } => None,
        Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } | Expr::Cast { .. } => None,
        Expr::AtTimeZone { .. } | Expr::Raw(_) | Expr::Is { .. } | Expr::Row(_) => None,
        Expr::Qualified { .. } | Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } | Expr::Aggregate { .. } => None,
    }
}
