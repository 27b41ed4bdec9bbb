//! The functions that a history may call.

use crate::dialect::function::{FUNCTIONS, Function, Returns};
use crate::expr::Expr;
use crate::near::did_you_mean;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::types::Family;

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

/// What a function gives back; `None` where that is not known.
///
/// Rule `unknown_function`: a history of one database may call what only that database knows; a history of several may not.
/// Rule `function_arguments`: a portable function takes what it takes.
pub(super) fn result(schema: &Schema, function: &str, arguments: &[Option<Family>], problems: &mut Problems) -> Option<Family> {
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
    argument_type(known, arguments, problems);
    known.returns.family(arguments.iter().flatten().next().cloned())
}

/// Rule `argument_type`: a function takes a first argument of its type, and gives back the one type that all of them have where it
/// gives back one of them.
fn argument_type(function: &Function, arguments: &[Option<Family>], problems: &mut Problems) {
    let slot = || Slot::new(Role::Function, function.name);
    let first = arguments.first().and_then(Option::as_ref);
    if let Some((family, wanted)) = first.and_then(|family| Some((family, function.takes.refuses(family)?))) {
        let message = format!("`{}` takes {wanted}, and here is {family}", function.name);
        problems.push(Problem::new("argument_type", slot(), message).help(format!("cast it: `x::{}`", wanted.word())));
        return;
    }
    let mut known = arguments.iter().flatten().filter(|family| !matches!(family, Family::Native(_)));
    let Some(one) = known.next().filter(|_| function.returns == Returns::First) else { return };
    if let Some(other) = known.find(|other| *other != one) {
        let message = format!("`{}` gives back one type, and here are {one} and {other}", function.name);
        problems.push(Problem::new("argument_type", slot(), message).help("cast one of them: `x::type`"));
    }
}
