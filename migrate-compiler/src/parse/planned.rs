//! Words of the language that are not supported yet: the error of each tells what to write instead.

use syn::parse::ParseStream;

use crate::diagnostic::Diagnostic;

/// Rule `planned`: a clause of a statement about rows.
pub(super) fn of_rows(input: ParseStream<'_>, what: &str) -> Diagnostic {
    Diagnostic::new("planned", input.span(), format!("{what} is not supported yet"))
        .help("use raw SQL instead, `sql \"…\" as nothing undo \"…\";`")
}

/// Rule `planned`: a statement, whose raw SQL says nothing to the schema that the compiler knows.
pub(super) fn statement(input: ParseStream<'_>, words: &[&str]) -> Diagnostic {
    let message = format!("`{}` is not supported yet", words.join(" "));
    let (verb, kind) = words.split_first().map_or(("", String::new()), |(verb, kind)| (*verb, kind.join(" ").to_uppercase()));
    let of = if kind == "TRIGGER" { " ON t" } else { "" };
    let create = format!("CREATE {kind} x …");
    let drop = format!("DROP {kind} x{of}");
    let replace = format!("CREATE OR REPLACE {kind} x …");
    let (up, down) = match verb {
        "drop" => (drop, create),
        "replace" => (replace.clone(), replace),
        _ => (create, drop),
    };
    let help = format!("use raw SQL instead: `sql {up:?} as nothing undo {down:?};`");
    Diagnostic::new("planned", input.span(), message).help(help)
}

/// Rule `planned`: a part of a table, which `as { … }` may state as far as the language has it.
pub(super) fn of_table(input: ParseStream<'_>, what: &str, instead: &str) -> Diagnostic {
    let help = format!("use raw SQL instead: `{instead}`");
    Diagnostic::new("planned", input.span(), format!("{what} is not supported yet")).help(help)
}
