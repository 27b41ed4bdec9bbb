//! `run PATH`

use migrate_history::Calls;
use quote::ToTokens;
use syn::Path;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::operation::RunProgram;
use crate::parse::cursor::{after_words, expected, list, peek_parens, punct_at, take_words};
use crate::parse::keyword::Operations;
use crate::parse::{Parser, name};
use crate::problem::{PieceId, Role};

/// A function that a migration calls.
pub struct Called {
    /// Its path, as the user's tokens.
    pub path: Path,
    /// How it is called.
    pub calls: Calls,
}

impl Called {
    /// The name that the steps know it by.
    pub fn name(&self) -> String {
        self.path.to_token_stream().to_string().split_whitespace().collect()
    }
}

/// How a function is called that no transaction may hold.
const OUTSIDE: &[&str] = &["outside", "of", "a", "transaction"];

/// `PATH [in batches | outside of a transaction] [on TABLE, …]`, after `run`.
pub(super) fn statement(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    Ok(Operations::one(piece, called(parser, piece, input)?.into()))
}

/// The same after `undo`.
pub(super) fn called(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<RunProgram> {
    let begin = input.span();
    let path = input.call(Path::parse_mod_style).map_err(|_| {
        let problem = Diagnostic::new("expected", begin, "expected the path of an async function");
        problem.help("write `run fill undo undo_fill;`, with two functions in the module of the migration")
    })?;
    if peek_parens(input) {
        let name = path.to_token_stream().to_string().replace(' ', "");
        let problem = Diagnostic::new("expected", input.span(), "a function of the program is named without parentheses");
        return Err(problem.help(format!("write `run {name}`")));
    }
    let calls = match take_words(input, &["in", "batches"]) {
        Some(_) => Calls::InBatches,
        None if take_words(input, OUTSIDE).is_some() => Calls::Outside,
        None if after_words(input.cursor(), &OUTSIDE[..1]).is_some() => {
            return Err(expected(input, "`outside of a transaction`"));
        }
        None if take_words(input, &["in"]).is_some() => return Err(expected(input, "`batches` after `in`")),
        None => Calls::Once,
    };
    let mut tables = Vec::new();
    if take_words(input, &["on"]).is_some() {
        for (table, span) in list(input, |input| name::qualified(input, "a table"))? {
            parser.marks.note(piece, Role::Table, &table.to_string(), span);
            tables.push(table);
        }
    }
    let called = Called { path, calls };
    let path = called.name();
    parser.programs.push(called);
    Ok(RunProgram { path, calls, tables })
}

/// Whether the path of a function is at the cursor, and nothing that only begins like one.
pub(super) fn begins(cursor: Cursor<'_>) -> bool {
    let mut rest = punct_at(cursor, "::").unwrap_or(cursor);
    loop {
        let Some((_, after)) = rest.ident() else { return false };
        match punct_at(after, "::") {
            Some(after) => rest = after,
            None => {
                return after.eof()
                    || punct_at(after, ";").is_some()
                    || ["in", "on", "outside"].iter().any(|word| after_words(after, &[word]).is_some());
            }
        }
    }
}
