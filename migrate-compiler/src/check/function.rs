//! The functions that a history may call.

use crate::check::counterpart::counterpart;
use crate::check::expr::remedy;
use crate::expr::Expr;
use crate::literal::{self, Reading};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::suggestion::did_you_mean;
use crate::types::{Family, Type};
use crate::typing::Inferred;
use crate::typing::function::{FUNCTIONS, Function, Returns, Takes};

/// Whether only the database knows what an expression does: its value may change with each evaluation.
pub(crate) fn is_opaque(expr: &Expr) -> bool {
    let mut opaque = false;
    expr.walk(&mut |part| {
        opaque |= match part {
            Expr::Call { function, .. } => Function::find(function).is_none(),
            Expr::Nextval(_) | Expr::Raw(_) => true,
            // Which rows there are then is not known either.
            Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } => true,
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => false,
            Expr::Array(_) | Expr::Column(_) | Expr::Current(_) | Expr::Unary { .. } | Expr::Binary { .. } => false,
            Expr::IsNull { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } => false,
            Expr::Cast { .. } | Expr::AtTimeZone { .. } | Expr::Is { .. } | Expr::Row(_) => false,
            Expr::Qualified { .. } | Expr::Aggregate { .. } => false,
        }
    });
    opaque
}

/// Whether an expression is a call that gives another value each time, as `uuid()` does.
pub(crate) fn is_new_in_each_call(expr: &Expr) -> bool {
    matches!(expr, Expr::Call { function, .. } if Function::find(function).is_some_and(Function::is_volatile))
}

/// Whether an expression may give every row another value.
pub(crate) fn differs(expr: &Expr) -> bool {
    let mut differs = is_opaque(expr);
    expr.walk(&mut |part| {
        differs |= is_new_in_each_call(part);
    });
    differs
}

/// An argument of a function, and what is known of it.
pub(super) struct Argument<'e> {
    pub expr: &'e Expr,
    pub inferred: Inferred,
}

/// Whether a function takes its arguments.
///
/// Rule `unknown_function`: a history of one database may call what only that database knows; a history of several may not.
/// Rule `function_arguments`: a portable function takes what it takes.
pub(super) fn call(schema: &Schema, function: &str, arguments: &[Argument<'_>], problems: &mut Problems) {
    let slot = || Slot::new(Role::Function, function);
    let Some(known) = Function::find(function) else {
        if schema.databases.len() > 1 {
            let call: Vec<String> = arguments.iter().map(|argument| argument.expr.to_string()).collect();
            let call = format!("{function}({})", call.join(", "));
            let given = arguments.iter().map(|argument| argument.expr.clone()).collect();
            let instead = counterpart(function, given).map(|instead| format!("write `{instead}`"));
            let near = did_you_mean(function, FUNCTIONS.iter().map(|function| function.name));
            let problem = Problem::new("unknown_function", slot(), format!("unknown function `{function}`"));
            problems.push(
                problem
                    .help_if(instead)
                    .help_if(near)
                    .help(format!("write `sql({call:?})` if each database of the history has this function"))
                    .note("a history of several databases can only call functions that the compiler knows on all of them"),
            );
        }
        problems.remark(format!("the function `{function}` is not checked: the compiler does not know it"));
        return;
    };
    let (least, most) = known.arity;
    if !(least..=most).contains(&arguments.len()) {
        let given = if arguments.len() == 1 { "1 was".to_owned() } else { format!("{} were", arguments.len()) };
        let message = format!("`{function}` takes {}, but {given} given", known.takes());
        let kept: Vec<String> = arguments.iter().take(most).map(|argument| argument.expr.to_string()).collect();
        let help = if arguments.len() > most {
            format!("write `{function}({})`", kept.join(", "))
        } else {
            format!("write {}", known.takes())
        };
        problems.push(Problem::new("function_arguments", slot(), message).help(help));
        return;
    }
    for (place, argument) in arguments.iter().enumerate() {
        if !takes(known, place, argument, problems) {
            return;
        }
    }
    one_type(known, arguments, problems);
    arrays(known, arguments, problems);
}

/// Rule `argument_type`: whether a function takes an argument, its first one or another.
fn takes(function: &Function, place: usize, argument: &Argument<'_>, problems: &mut Problems) -> bool {
    let takes = if place == 0 { function.takes } else { function.then };
    let Some(wanted) = takes.wanted() else { return true };
    let (family, ty) = (argument.inferred.family(), argument.inferred.ty());
    let is_array = family.is_none() && matches!(argument.expr, Expr::Array(_));
    let refused = family.as_ref().filter(|family| takes.refuses(family).is_some());
    let misread = if family.is_none() && !is_array { misread(argument.expr, &wanted) } else { None };
    let is_too_wide = takes == Takes::Whole
        && argument.expr.digits().is_none()
        && ty.is_some_and(|ty| ty.family() == Family::Number && !matches!(ty, Type::SmallInt | Type::Integer));
    let found = match (refused, misread) {
        (Some(family), _) => family.to_string(),
        (None, Some(wrong)) => wrong,
        (None, None) if is_array => "an array".to_owned(),
        (None, None) if is_too_wide => ty.map(|ty| format!("`{ty}`")).unwrap_or_default(),
        (None, None) => return true,
    };
    let what = if takes == Takes::Whole { "an integer".to_owned() } else { wanted.to_string() };
    let to = if wanted == Family::Number { Some(Type::Integer) } else { literal::representative(&wanted) };
    let from = ty.cloned().or_else(|| literal::representative(family.as_ref()?));
    let help = to.and_then(|to| remedy::taken(argument.expr, from.as_ref(), &to));
    let message = format!("`{}` requires {what}, found {found}", function.name);
    let slot = Slot::new(Role::Function, function.name);
    problems.push(Problem::new("argument_type", slot, message).help_if(help).help(format!("write {what}")));
    false
}

/// Rule `argument_type`: a function that gives back one of its arguments has all of them of one type.
fn one_type(function: &Function, arguments: &[Argument<'_>], problems: &mut Problems) {
    if !matches!(function.returns, Returns::Common | Returns::Compared) {
        return;
    }
    let families: Vec<Option<Family>> = arguments.iter().map(|argument| argument.inferred.family()).collect();
    let mut known = families.iter().flatten().filter(|family| !matches!(family, Family::Native(_)));
    let Some(one) = known.next() else {
        let has = |is: fn(&Expr) -> bool| arguments.iter().any(|argument| is(argument.expr));
        if has(|expr| matches!(expr, Expr::Array(_))) && has(|expr| matches!(expr, Expr::Text(_))) {
            let message = format!("the arguments of `{}` must have the same type, found an array and text", function.name);
            let slot = Slot::new(Role::Function, function.name);
            problems.push(Problem::new("argument_type", slot, message).help("write only arrays, or only text"));
        }
        return;
    };
    let other = known.find(|other| *other != one).map(Family::to_string);
    let misread = |argument: &Argument<'_>| {
        if argument.inferred.family().is_none() { misread(argument.expr, one) } else { None }
    };
    let side = |is: &dyn Fn(&Family) -> bool| {
        let found = arguments.iter().find(|argument| argument.inferred.family().is_some_and(|family| is(&family)));
        found.map(|found| (found.expr, found.inferred.ty()))
    };
    let is_other = |family: &Family| family != one && !matches!(family, Family::Native(_));
    let help = side(&|family| family == one).zip(side(&is_other)).map(|(one, other)| remedy::compared(one, other));
    if let Some(other) = other.or_else(|| arguments.iter().find_map(misread)) {
        let message = format!("the arguments of `{}` must have the same type, found {one} and {other}", function.name);
        let slot = Slot::new(Role::Function, function.name);
        problems.push(Problem::new("argument_type", slot, message).help_if(help).help(format!("write {one}")));
    }
}

/// A literal that is no value of the family, as it was written.
fn misread(expr: &Expr, family: &Family) -> Option<String> {
    if let (Expr::Array(items), Family::Array(of)) = (expr, family) {
        return items.iter().find_map(|item| misread(item, of));
    }
    if let Expr::Array(_) = expr {
        return Some("an array".to_owned());
    }
    let Expr::Text(text) = expr else { return None };
    literal::representative(family).and_then(|ty| literal::text(text, &ty, Reading::Value)).map(|_| format!("{:?}", &**text))
}

/// Rule `argument_type`: PostgreSQL compares arrays of one type only.
fn arrays(function: &Function, arguments: &[Argument<'_>], problems: &mut Problems) {
    if function.returns != Returns::Compared {
        return;
    }
    if let [one, other] = arguments
        && let (Some(left @ Type::Array(_)), Some(right @ Type::Array(_))) = (one.inferred.ty(), other.inferred.ty())
        && !left.is_same_array(right)
    {
        let message = format!("the arguments of `{}` cannot be compared: `{left}` and `{right}`", function.name);
        let help = remedy::compared((one.expr, Some(left)), (other.expr, Some(right)));
        let slot = Slot::new(Role::Function, function.name);
        problems.push(Problem::new("argument_type", slot, message).help(help));
    }
}
