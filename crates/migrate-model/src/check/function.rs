//! The functions that a history may call.

use crate::dialect::function::{FUNCTIONS, Function, Returns};
use crate::expr::Expr;
use crate::near::did_you_mean;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::types::Family;

/// Whether an expression may give every row another value.
pub(crate) fn differs(expr: &Expr) -> bool {
    let mut differs = false;
    expr.walk(&mut |part| {
        differs |= match part {
            Expr::Call { function, .. } => Function::find(function).is_none_or(|known| known.returns == Returns::Uuid),
            Expr::Nextval(_) | Expr::Raw(_) => true,
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => false,
            Expr::Array(_) | Expr::Column(_) | Expr::Current(_) | Expr::Unary { .. } | Expr::Binary { .. } => false,
            Expr::IsNull { .. } | Expr::In { .. } | Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } => false,
            Expr::Cast { .. } | Expr::AtTimeZone { .. } => false,
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
    known.returns.family(arguments.iter().flatten().next().cloned())
}
