//! How PostgreSQL writes the portable functions.

use crate::sql::function::{Form, call};
use crate::typing::function::Function;

const FORMS: &[(&str, Form)] = &[
    ("now", Form::Call("now")),
    ("uuid", Form::Call("gen_random_uuid")),
    ("gen_random_uuid", Form::Call("gen_random_uuid")),
    ("lower", Form::Call("lower")),
    ("upper", Form::Call("upper")),
    ("length", Form::Call("length")),
    ("char_length", Form::Call("char_length")),
    ("octet_length", Form::Call("octet_length")),
    ("coalesce", Form::Call("coalesce")),
    ("nullif", Form::Call("nullif")),
    ("abs", Form::Call("abs")),
    ("round", Form::Custom(round)),
    ("trim", Form::Call("trim")),
    ("ltrim", Form::Call("ltrim")),
    ("rtrim", Form::Call("rtrim")),
    ("replace", Form::Call("replace")),
    ("substr", Form::Call("substr")),
    ("substring", Form::Call("substring")),
    ("left", Form::Call("\"left\"")),
    ("right", Form::Call("\"right\"")),
    ("num_nonnulls", Form::Call("num_nonnulls")),
];

/// The form of a function.
pub(super) fn form(function: &Function) -> Option<Form> {
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
