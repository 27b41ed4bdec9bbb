//! How PostgreSQL writes the portable functions.

use crate::sql::function::{FunctionForm, call};
use crate::typing::function::Function;

const FORMS: &[(&str, FunctionForm)] = &[
    ("now", FunctionForm::Call("now")),
    ("uuid", FunctionForm::Call("gen_random_uuid")),
    ("gen_random_uuid", FunctionForm::Call("gen_random_uuid")),
    ("lower", FunctionForm::Call("lower")),
    ("upper", FunctionForm::Call("upper")),
    ("length", FunctionForm::Call("length")),
    ("char_length", FunctionForm::Call("char_length")),
    ("octet_length", FunctionForm::Call("octet_length")),
    ("coalesce", FunctionForm::Call("coalesce")),
    ("nullif", FunctionForm::Call("nullif")),
    ("abs", FunctionForm::Call("abs")),
    ("round", FunctionForm::Custom(round)),
    ("trim", FunctionForm::Call("trim")),
    ("ltrim", FunctionForm::Call("ltrim")),
    ("rtrim", FunctionForm::Call("rtrim")),
    ("replace", FunctionForm::Call("replace")),
    ("substr", FunctionForm::Call("substr")),
    ("substring", FunctionForm::Call("substring")),
    ("left", FunctionForm::Call("\"left\"")),
    ("right", FunctionForm::Call("\"right\"")),
    ("strpos", FunctionForm::Call("strpos")),
    ("num_nonnulls", FunctionForm::Call("num_nonnulls")),
];

/// The form of a function.
pub(super) fn form(function: &Function) -> Option<FunctionForm> {
    FORMS.iter().find(|(name, _)| *name == function.name).map(|(_, form)| *form)
}

/// PostgreSQL rounds a `double precision` to the even neighbour, and to no number of digits; a `numeric` as everyone else does.
fn round(arguments: &[String]) -> String {
    match arguments {
        [value, digits @ ..] => {
            let value = format!("CAST({value} AS numeric)");
            call("round", &[&[value], digits].concat())
        }
        [] => call("round", arguments),
    }
}
