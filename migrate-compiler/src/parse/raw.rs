//! `sql "…"`

use migrate_history::Database;

use crate::operation::{Expect, RunSql};
use crate::problem::{PieceId, Role};
use crate::tree::StatementTree;
use proc_macro2::Span;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    after_words, expect_punct, expect_words, expected, parens, peek_braces, peek_parens, peek_text, peek_words, punct_at,
    take_punct, take_words, text,
};
use crate::parse::keyword::{End, Operations};
use crate::parse::{Parser, attribute, statement};

/// `"…" [as { … } | as nothing]`, after `sql`.
pub(super) fn statement(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    parser.marks.note(piece, Role::Word, "sql", parser.marks.place(piece));
    let texts = texts(parser, piece, input)?;
    let effect = if take_words(input, &["as", "nothing"]).is_some() {
        Some(Vec::new())
    } else if take_words(input, &["as"]).is_some() {
        Some(stated(parser, input)?)
    } else {
        None
    };
    let end = if effect.as_ref().is_some_and(|effect| !effect.is_empty()) { End::Brace } else { End::Semicolon };
    Ok(Operations { effect, end, ..Operations::one(piece, RunSql { texts, effect: None }.into()) })
}

/// `{ … }`, after `as`. Rule `empty_effect`: nothing in it is no statement about what is undone, which `as nothing` leaves to the `undo`.
fn stated(parser: &mut Parser, input: ParseStream<'_>) -> Parse<Vec<StatementTree>> {
    let (span, known) = (input.span(), parser.diagnostics.len());
    let stated = statement::block(parser, "what it does to the schema, in braces", input)?;
    if stated.is_empty() && parser.diagnostics.len() == known {
        let problem = Diagnostic::new("empty_effect", span, "`as { }` states no change of the schema");
        return Err(problem.help("write `sql \"…\" as nothing undo \"…\";` with the SQL that undoes it"));
    }
    parser.diagnostics[known..].iter_mut().for_each(without_model);
    Ok(stated)
}

/// Says of an object that the language does not have yet that nothing has to be written of it.
fn without_model(diagnostic: &mut Diagnostic) {
    if diagnostic.problem.code == "planned" {
        diagnostic.problem.help = Some("write `as nothing` instead, and after it `undo` with the SQL that reverses it".into());
    }
}

/// `"…" sql("SELECT count(*) …")`, after `expect`; or `sql { postgres: "…", sqlite: "…" }`.
pub(super) fn expect(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let (what, span) = text(input, "what is expected, in double quotes")?;
    parser.marks.note(piece, Role::Word, &what, span);
    expect_words(input, &["sql"])?;
    let texts = if peek_parens(input) {
        vec![(None, parens(input, "a query in double quotes", |input| sql_text(parser, piece, input))?)]
    } else {
        texts(parser, piece, input)?
    };
    Ok(Operations::one(piece, Expect { what, texts }.into()))
}

/// `"…"`, or `{ postgres: "…", sqlite: "…" }`
pub(super) fn texts(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Vec<(Option<Database>, String)>> {
    if !peek_braces(input) {
        return Ok(vec![(None, sql_text(parser, piece, input)?)]);
    }
    let inner = crate::parse::cursor::inside_braces(input)?;
    let mut texts: Vec<(Option<Database>, String)> = Vec::new();
    while !inner.is_empty() {
        let other = after_words(inner.cursor(), &["else"]).is_some_and(|rest| punct_at(rest, ":").is_some());
        let (database, span) = if other {
            (None, take_words(&inner, &["else"]).unwrap_or_else(Span::call_site))
        } else {
            let (database, span) = attribute::database(&inner)?;
            (Some(database), span)
        };
        parser.marks.note(piece, Role::Word, database.map_or("else", Database::word), span);
        if texts.iter().any(|(known, _)| *known == database) {
            return Err(Diagnostic::new(
                "database_twice",
                span,
                format!("duplicate SQL for `{}`", database.map_or("else", Database::word)),
            )
            .help("remove one of them"));
        }
        expect_punct(&inner, ":")?;
        texts.push((database, sql_text(parser, piece, &inner)?));
        if take_punct(&inner, ",").is_none() && !inner.is_empty() {
            return Err(expected(&inner, "`,`"));
        }
    }
    if texts.is_empty() {
        return Err(
            Diagnostic::new("empty_sql", inner.span(), "the SQL is missing").help("write `{ postgres: \"…\", sqlite: \"…\" }`")
        );
    }
    Ok(texts)
}

fn sql_text(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<String> {
    let (sql, span) = text(input, "SQL in double quotes")?;
    if sql.trim().is_empty() {
        return Err(
            Diagnostic::new("empty_sql", span, "the SQL is missing").help("write SQL in the quotes, or remove the statement")
        );
    }
    let sql = sql.trim().trim_end_matches(';').trim_end();
    parser.marks.note(piece, Role::Raw, sql, span);
    Ok(sql.to_owned())
}

/// Whether texts for each database come next, and not statements.
pub(super) fn peek_texts(input: ParseStream<'_>) -> bool {
    let inside = input.cursor().group(proc_macro2::Delimiter::Brace).map(|(inside, ..)| inside);
    let by_database = inside.and_then(|inside| inside.ident()).is_some_and(|(_, rest)| punct_at(rest, ":").is_some());
    peek_text(input) || by_database || peek_words(input, &["else"])
}
