//! What must hold of the values of an enum.

use crate::check::user;
use crate::expr::Expr;
use crate::name::{Name, Written};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Rule, Schema, Table};
use crate::suggestion::did_you_mean;

/// The longest value of an enum of PostgreSQL, in bytes (manual, "Enumerated Types").
const LONGEST: usize = 63;

/// A value as a literal.
fn slot(role: Role, value: &str) -> Slot {
    Slot::new(role, format!("{value:?}"))
}

/// Checks the values of a new enum: rules `value_exists`, `value_too_long` and `enum_without_values`.
pub fn values(of: &Name, values: &[String], problems: &mut Problems) {
    for (place, value) in values.iter().enumerate() {
        let nth = values[..place].iter().filter(|other| *other == value).count();
        if nth > 0 {
            let message = format!("duplicate value {value:?}");
            problems
                .push(Problem::new("value_exists", slot(Role::Literal, value).nth(nth), message).help("remove one of the two"));
        }
        length(value, Role::Literal, problems);
    }
    if values.is_empty() {
        let message = format!("`{of}` has no values");
        let help = format!("write `create enum {of} (\"a\", \"b\");`");
        problems.push(Problem::new("enum_without_values", Slot::new(Role::Object, of.to_string()), message).help(help));
    }
}

/// Whether a value is new: rules `value_exists` and `value_too_long`.
pub fn is_new(of: &Name, values: &[String], value: &str, role: Role, problems: &mut Problems) -> bool {
    length(value, role, problems);
    let is_new = !values.iter().any(|known| known == value);
    if !is_new {
        let message = format!("duplicate value {value:?} in `{of}`");
        problems.push(Problem::new("value_exists", slot(role, value), message).help("remove this, or write another value"));
    }
    is_new
}

/// Rule `value_too_long`.
fn length(value: &str, role: Role, problems: &mut Problems) {
    if value.len() > LONGEST {
        let message = format!("an enum value has at most {LONGEST} bytes, and this one has {}", value.len());
        problems.push(Problem::new("value_too_long", slot(role, value), message).help("write a shorter value"));
    }
}

/// Where a value is among the others. Rule `unknown_value`.
pub fn position(of: &Name, values: &[String], value: &str, role: Role, problems: &mut Problems) -> Option<usize> {
    let place = values.iter().position(|known| known == value);
    if place.is_none() {
        let shown: Vec<String> = values.iter().map(|value| format!("{value:?}")).collect();
        let near = did_you_mean(&format!("{value:?}"), shown.iter().map(String::as_str));
        let message = format!("unknown value {value:?} in `{of}`");
        let help = format!("its values are {}", shown.join(", "));
        problems.push(Problem::new("unknown_value", slot(role, value), message).help_if(near).help(help));
    }
    place
}

/// Rule `changes_nothing`: what a dropped value becomes is another one.
pub fn other(of: &Name, value: &str, into: &str, problems: &mut Problems) {
    if value == into {
        let message = format!("{value:?} cannot be replaced by itself");
        let help = format!("write another value of `{of}` after `into`");
        problems.push(Problem::new("changes_nothing", slot(Role::To, into), message).help(help));
    }
}

/// Rule `enum_without_values`.
pub fn without_values(of: &Name, value: &str, problems: &mut Problems) {
    let message = format!("cannot drop {value:?}: it is the only value of `{of}`");
    let help = format!("write `drop enum {of};`, or add another value first");
    problems.push(Problem::new("enum_without_values", slot(Role::Literal, value), message).help(help));
}

/// Which uses of a value prevent its change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uses {
    /// Those in checks and indexes.
    Expressions,
    /// Those in defaults too.
    All,
}

/// Rule `value_used`: the value is in an expression that uses a column of the enum, or is the default of one, or something casts to the enum.
pub fn unused(schema: &Schema, of: &Name, value: &str, uses: Uses, problems: &mut Problems) {
    let mut users: Vec<(String, String)> = Vec::new();
    for (owner, table) in schema.tables().typed(of).filter(|(_, table)| !table.columns_of(of).is_empty()) {
        if uses == Uses::All {
            users.extend(defaults(owner, table, of, value));
        }
        users.extend(expressions(owner, table, of, value));
    }
    let casts: Vec<_> = casts(schema, of).filter(|(_, how)| !users.iter().any(|(_, known)| known == how)).collect();
    users.extend(casts);
    let slot = slot(Role::Literal, value);
    user::still_used("value_used", slot, &format!("{value:?}"), users).into_iter().for_each(|problem| problems.push(problem));
}

/// Rule `value_used`: what casts to the enum, and would go on with the values that it had.
pub fn no_casts(schema: &Schema, of: &Name, value: &str, problems: &mut Problems) {
    let problem = user::still_used("value_used", slot(Role::Literal, value), &format!("`{of}`"), casts(schema, of).collect());
    problem.into_iter().for_each(|problem| problems.push(problem));
}

fn casts<'s>(schema: &'s Schema, of: &'s Name) -> impl Iterator<Item = (String, String)> + use<'s> {
    schema.tables().typed(of).flat_map(move |(owner, table)| table.casts_to_type(owner, of))
}

fn defaults(owner: &Name, table: &Table, of: &Name, value: &str) -> Vec<(String, String)> {
    let columns = table.columns_of(of).into_iter();
    let columns = columns.filter(|column| column.default.as_ref().is_some_and(|default| has(default, value)));
    let user = |column: &str| {
        let shown = Written(column);
        let how = format!("`alter table {owner} {{ alter {shown} drop default; }}`");
        (format!("the default of `{owner}.{shown}`"), how)
    };
    columns.map(|column| user(&column.name)).collect()
}

fn expressions(owner: &Name, table: &Table, of: &Name, value: &str) -> Vec<(String, String)> {
    let columns = table.columns_of(of);
    let uses = |expr: &Expr| has(expr, value) && columns.iter().any(|column| expr.may_use(&column.name));
    let mut users = Vec::new();
    for constraint in &table.constraints {
        if let Rule::Check { condition } = &constraint.rule
            && uses(condition)
        {
            users.push(user::constraint(owner, constraint));
        }
    }
    for index in table.indexes.iter().filter(|index| index.expressions().any(uses)) {
        users.push(user::index(owner, index));
    }
    users
}

/// Whether the value is in an expression, or may be, in raw SQL.
fn has(expr: &Expr, value: &str) -> bool {
    let mut found = false;
    expr.walk(&mut |part| found |= matches!(part, Expr::Text(text) if **text == *value) || matches!(part, Expr::Raw(_)));
    found
}
