//! How SQLite writes the portable functions.

use crate::sql::function::{FunctionForm, call};
use crate::typing::function::Function;

/// The moment in the form in which sqlx writes a `DateTime<Utc>` into SQLite, so that the two sort together.
pub(super) const NOW: &str = "strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')";

const FORMS: &[(&str, FunctionForm)] = &[
    ("now", FunctionForm::Custom(|_| NOW.to_owned())),
    ("uuid", FunctionForm::Custom(|_| random_uuid())),
    ("gen_random_uuid", FunctionForm::Custom(|_| random_uuid())),
    ("lower", FunctionForm::Call("lower")),
    ("upper", FunctionForm::Call("upper")),
    ("length", FunctionForm::Call("length")),
    ("char_length", FunctionForm::Call("length")),
    ("octet_length", FunctionForm::Custom(octet_length)),
    ("coalesce", FunctionForm::Custom(coalesce)),
    ("nullif", FunctionForm::Call("nullif")),
    ("abs", FunctionForm::Call("abs")),
    ("round", FunctionForm::Call("round")),
    ("trim", FunctionForm::Call("trim")),
    ("ltrim", FunctionForm::Call("ltrim")),
    ("rtrim", FunctionForm::Call("rtrim")),
    ("replace", FunctionForm::Call("replace")),
    ("substr", FunctionForm::Custom(substr)),
    ("substring", FunctionForm::Custom(substr)),
    ("left", FunctionForm::Custom(left)),
    ("right", FunctionForm::Custom(right)),
    ("strpos", FunctionForm::Call("instr")),
    ("num_nonnulls", FunctionForm::Custom(num_nonnulls)),
];

/// The form of a function.
pub(super) fn form(function: &Function) -> Option<FunctionForm> {
    FORMS.iter().find(|(name, _)| *name == function.name).map(|(_, form)| *form)
}

/// Sixteen random bytes with the version and the variant of a random UUID (RFC 9562, section 5.4). SQLite joins bytes as it joins text,
/// without looking at them.
fn random_uuid() -> String {
    let bytes = |range: std::ops::RangeInclusive<u8>| range.map(|byte| format!("{byte:02x}")).collect::<String>();
    let one_of = |bytes: String, last: u8| format!("substr(x'{bytes}', (random() & {last}) + 1, 1)");
    let (version, variant) = (one_of(bytes(0x40..=0x4f), 15), one_of(bytes(0x80..=0xbf), 63));
    format!("CAST(randomblob(6) || {version} || randomblob(1) || {variant} || randomblob(7) AS BLOB)")
}

fn octet_length(arguments: &[String]) -> String {
    format!("length(CAST({} AS BLOB))", arguments.join(", "))
}

/// SQLite requires two arguments.
fn coalesce(arguments: &[String]) -> String {
    if let [only] = arguments { only.clone() } else { call("coalesce", arguments) }
}

/// A place before the first letter counts from there on PostgreSQL, and from the end on SQLite.
fn substr(arguments: &[String]) -> String {
    match arguments {
        [text, start] if !is_positive(start) => format!("substr({text}, max({start}, 1))"),
        [text, start, length] if !is_positive(start) || !is_positive(length) => {
            format!("substr({text}, max({start}, 1), max({length} + min({start}, 1) - 1, 0))")
        }
        _ => call("substr", arguments),
    }
}

/// With a negative number PostgreSQL leaves so many letters out at the end.
fn left(arguments: &[String]) -> String {
    match arguments {
        [text, length] if is_positive(length) => format!("substr({text}, 1, {length})"),
        [text, length] => {
            format!("substr({text}, 1, CASE WHEN {length} < 0 THEN max(length({text}) + {length}, 0) ELSE {length} END)")
        }
        _ => call("left", arguments),
    }
}

/// With a negative number PostgreSQL leaves so many letters out at the beginning.
fn right(arguments: &[String]) -> String {
    match arguments {
        [text, length] if is_positive(length) => format!("substr({text}, -{length})"),
        [text, length] => {
            let start =
                format!("CASE WHEN {length} > 0 THEN -{length} WHEN {length} = 0 THEN length({text}) + 1 ELSE 1 - {length} END");
            format!("substr({text}, {start})")
        }
        _ => call("right", arguments),
    }
}

fn num_nonnulls(arguments: &[String]) -> String {
    let each: Vec<String> = arguments.iter().map(|argument| format!("({argument} IS NOT NULL)")).collect();
    format!("({})", each.join(" + "))
}

/// Whether the argument is a number as it was written, above zero.
fn is_positive(argument: &str) -> bool {
    argument.parse::<u32>().is_ok_and(|number| number > 0)
}
