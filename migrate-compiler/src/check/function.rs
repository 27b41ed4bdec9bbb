//! The functions that a history may call.

use crate::check::expr::remedy;
use crate::expr::Expr;
use crate::literal::{self, Reading};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::sql::function::{FUNCTIONS, Function, Returns, Takes};
use crate::suggestion::did_you_mean;
use crate::types::{Family, Type};

/// Whether nobody but the database knows what an expression does: it may change something each time that it is asked.
pub(crate) fn is_opaque(expr: &Expr) -> bool {
    let mut opaque = false;
    expr.walk(&mut |part| {
        opaque |= match part {
            Expr::Call { function, .. } => Function::find(function).is_none(),
            Expr::Nextval(_) | Expr::Raw(_) => true,
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => false,
            Expr::Array(_) | Expr::Column(_) | Expr::Current(_) | Expr::Unary { .. } | Expr::Binary { .. } => false,
            Expr::IsNull { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } => false,
            Expr::Cast { .. } | Expr::AtTimeZone { .. } | Expr::Is { .. } | Expr::Row(_) => false,
        }
    });
    opaque
}

/// Whether an expression may give every row another value.
pub(crate) fn differs(expr: &Expr) -> bool {
    let mut differs = is_opaque(expr);
    expr.walk(&mut |part| {
        if let Expr::Call { function, .. } = part {
            differs |= Function::find(function).is_some_and(|known| known.returns == Returns::Uuid);
        }
    });
    differs
}

/// An argument of a function, and what is known of it.
pub(super) struct Argument<'e> {
    pub expr: &'e Expr,
    pub family: Option<Family>,
    pub ty: Option<Type>,
}

/// What a function gives back; `None` where that is not known.
///
/// Rule `unknown_function`: a history of one database may call what only that database knows; a history of several may not.
/// Rule `function_arguments`: a portable function takes what it takes.
pub(super) fn result(schema: &Schema, function: &str, arguments: &[Argument<'_>], problems: &mut Problems) -> Option<Family> {
    let slot = || Slot::new(Role::Function, function);
    let Some(known) = Function::find(function) else {
        if schema.databases.len() > 1 {
            let near = did_you_mean(function, FUNCTIONS.iter().map(|function| function.name));
            let problem = Problem::new(
                "unknown_function",
                slot(),
                format!("`{function}` is no function that every database of the history has"),
            );
            problems.push(
                problem.help_if(near).help("write `sql(\"…\")` for an expression as it is, or `#[only(…)]` before the statement"),
            );
        }
        problems.remark(format!("the compiler does not know the function `{function}`, so the database must have it"));
        return None;
    };
    let (least, most) = known.arity;
    if !(least..=most).contains(&arguments.len()) {
        let message = format!("`{function}` takes {}, and here are {}", known.takes(), arguments.len());
        let help = format!("write {} between its parentheses", known.takes());
        problems.push(Problem::new("function_arguments", slot(), message).help(help));
        return None;
    }
    for (place, argument) in arguments.iter().enumerate() {
        if !takes(known, place, argument, problems) {
            return None;
        }
    }
    one_type(known, arguments, problems);
    known.returns.family(arguments.iter().find_map(|argument| argument.family.clone()))
}

/// Rule `argument_type`: whether a function takes an argument, its first one or another.
fn takes(function: &Function, place: usize, argument: &Argument<'_>, problems: &mut Problems) -> bool {
    let takes = if place == 0 { function.takes } else { function.then };
    let Some(wanted) = takes.wanted() else { return true };
    let is_array = argument.family.is_none() && matches!(argument.expr, Expr::Array(_));
    let refused = argument.family.as_ref().and_then(|family| takes.refuses(family)).map(|_| argument.family.clone());
    let misread = if let (None, Expr::Text(text)) = (&argument.family, argument.expr) {
        literal::representative(&wanted).and_then(|ty| literal::text(text, &ty, Reading::Value)).map(|_| format!("{:?}", &**text))
    } else {
        None
    };
    let is_too_wide = takes == Takes::Whole
        && argument.expr.digits().is_none()
        && argument.ty.as_ref().is_some_and(|ty| ty.family() == Family::Number && !matches!(ty, Type::SmallInt | Type::Integer));
    let found = match (refused, misread) {
        (Some(family), _) => family.map_or_else(|| "an array".to_owned(), |family| family.to_string()),
        (None, Some(wrong)) => wrong,
        (None, None) if is_array => "an array".to_owned(),
        (None, None) if is_too_wide => argument.ty.as_ref().map(|ty| format!("`{ty}`")).unwrap_or_default(),
        (None, None) => return true,
    };
    let what = if takes == Takes::Whole { "an integer".to_owned() } else { wanted.to_string() };
    let to = if wanted == Family::Number { Some(Type::Integer) } else { literal::representative(&wanted) };
    let from = argument.ty.clone().or_else(|| literal::representative(argument.family.as_ref()?));
    let help = to.and_then(|to| remedy::taken(argument.expr, from.as_ref(), &to));
    let message = format!("`{}` takes {what}, and here is {found}", function.name);
    let slot = Slot::new(Role::Function, function.name);
    problems.push(Problem::new("argument_type", slot, message).help_if(help).help(format!("write {what}")));
    false
}

/// Rule `argument_type`: a function that gives back one of its arguments has all of them of one type.
fn one_type(function: &Function, arguments: &[Argument<'_>], problems: &mut Problems) {
    if function.returns != Returns::First || function.then != Takes::Any {
        return;
    }
    let families = arguments.iter().filter_map(|argument| argument.family.as_ref());
    let mut known = families.filter(|family| !matches!(family, Family::Native(_)));
    let Some(one) = known.next() else {
        let has = |is: fn(&Expr) -> bool| arguments.iter().any(|argument| is(argument.expr));
        if has(|expr| matches!(expr, Expr::Array(_))) && has(|expr| matches!(expr, Expr::Text(_))) {
            let message = format!("`{}` gives back one type, and here are an array and text", function.name);
            let slot = Slot::new(Role::Function, function.name);
            problems.push(Problem::new("argument_type", slot, message).help("write arrays only, or none"));
        }
        return;
    };
    let other = known.find(|other| *other != one).map(Family::to_string);
    let misread = |argument: &Argument<'_>| match (&argument.family, argument.expr) {
        (None, Expr::Text(text)) => {
            literal::representative(one).and_then(|ty| literal::text(text, &ty, Reading::Value)).map(|_| format!("{:?}", &**text))
        }
        (None, Expr::Array(_)) if !matches!(one, Family::Array(_)) => Some("an array".to_owned()),
        (Some(_), _) | (None, _) => None,
    };
    let side = |is: &dyn Fn(&Family) -> bool| {
        arguments.iter().find(|argument| argument.family.as_ref().is_some_and(is)).map(|found| (found.expr, found.ty.as_ref()))
    };
    let is_other = |family: &Family| family != one && !matches!(family, Family::Native(_));
    let help = side(&|family| family == one).zip(side(&is_other)).map(|(one, other)| remedy::compared(one, other));
    if let Some(other) = other.or_else(|| arguments.iter().find_map(misread)) {
        let message = format!("`{}` gives back one type, and here are {one} and {other}", function.name);
        let slot = Slot::new(Role::Function, function.name);
        problems.push(Problem::new("argument_type", slot, message).help_if(help).help(format!("write {one}")));
    }
}
