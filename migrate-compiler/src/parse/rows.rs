//! Statements about rows.

use syn::parse::ParseStream;

use crate::check::rows::row_word;
use crate::diagnostic::{Diagnostic, Parse};
use crate::name::Name;
use crate::operation::{
    Backfill, DeleteRows, Deleter, InsertQuery, InsertRows, KeepRows, KeptChange, LoadRows, Operation, RestoreRows, Truncate,
    UpdateRows,
};
use crate::parse::cursor::{after_words, expect_words, integer, list, parens, peek_parens, peek_words, take_words, text};
use crate::parse::expr::Reader;
use crate::parse::keyword::Operations;
use crate::parse::{Parser, assign, constraint, name, planned, query, undo};
use crate::problem::{PieceId, Role};
use crate::rows::{Given, KeyConflict};

/// `insert into TABLE (…) values (…), … [on conflict do nothing]`, or with a query in place of `values`; the words taken.
pub(super) fn insert(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let table = table(parser, piece, input)?;
    // Which columns a statement without them means, the schema knows, and says.
    let is_named = !["values", "select", "from"].into_iter().any(|word| peek_words(input, &[word]));
    let columns = if is_named { constraint::columns(parser, piece, Role::Column, input)? } else { Vec::new() };
    if peek_words(input, &["select"]) {
        let query = Reader::new(parser, piece, None).statement(input)?;
        let conflict = conflict(parser, piece, input)?;
        return Ok(Operations::one(piece, InsertQuery { table, columns, query, conflict, record: None }.into()));
    }
    if take_words(input, &["from"]).is_some() {
        return load(parser, piece, (table, columns), input);
    }
    expect_words(input, &["values"])?;
    let mut place = 0;
    let rows = list(input, |input| {
        parser.marks.note(piece, Role::Word, &row_word(place), input.span());
        place += 1;
        row(parser, piece, input)
    })?;
    let conflict = conflict(parser, piece, input)?;
    no_clause("insert", input)?;
    Ok(Operations::one(piece, InsertRows { table, columns, rows, conflict, record: None }.into()))
}

/// `"FILE" [on conflict do nothing]`
fn load(parser: &mut Parser, piece: PieceId, (table, columns): (Name, Vec<String>), input: ParseStream<'_>) -> Parse<Operations> {
    let (file, span) = text(input, "the path of a file of rows as a string literal")?;
    parser.marks.note(piece, Role::Literal, &file, span);
    parser.files.push((file.clone(), span));
    let conflict = conflict(parser, piece, input)?;
    Ok(Operations::one(piece, LoadRows { table, columns, file, conflict, record: None }.into()))
}

/// `(EXPR, …)`
fn row(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Vec<Given>> {
    parens(input, "the values of a row in parentheses", |input| list(input, |input| assign::given(parser, piece, None, input)))
}

/// `[on conflict do nothing]`
fn conflict(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<KeyConflict> {
    let span = input.span();
    if take_words(input, &["on", "conflict"]).is_none() {
        return Ok(KeyConflict::Fails);
    }
    parser.marks.note(piece, Role::Word, "on conflict", span);
    if peek_words(input, &["do", "update"]) {
        return Err(planned::of_rows(input, "`on conflict do update`"));
    }
    if peek_parens(input) || peek_words(input, &["on", "constraint"]) {
        let message = "`on conflict (…)` is not supported: it applies to every key";
        return Err(Diagnostic::new("unexpected", input.span(), message).help("write `on conflict do nothing`"));
    }
    expect_words(input, &["do", "nothing"])?;
    Ok(KeyConflict::Skips)
}

/// `update TABLE set COLUMN = EXPR, … [from OTHER] [where EXPR]`, the word taken.
pub(super) fn update(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let update = updated(parser, piece, input)?;
    no_clause("update", input)?;
    Ok(Operations::one(piece, if keeps(input) { kept(KeptChange::Update(update)) } else { update.into() }))
}

/// `backfill TABLE set COLUMN = EXPR, … [from OTHER] [where EXPR] [in batches of N]`, the word taken.
pub(super) fn backfill(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let update = updated(parser, piece, input)?;
    batches_of(input)?;
    let most = take_words(input, &IN_BATCHES).is_some().then(|| most(input)).transpose()?;
    Ok(Operations::one(piece, Backfill { update, most }.into()))
}

/// `TABLE set COLUMN = EXPR, … [from OTHER] [where EXPR]`
fn updated(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<UpdateRows> {
    let table = table(parser, piece, input)?;
    expect_words(input, &["set"])?;
    let sets = assign::sets(parser, piece, &table, input)?;
    let from = assign::beside(parser, piece, &table, input)?;
    let which = assign::which_beside(parser, piece, (&table, from.as_ref()), input)?;
    Ok(UpdateRows { table, sets, from, which })
}

/// The words before the number of rows of a batch.
pub(super) const IN_BATCHES: [&str; 3] = ["in", "batches", "of"];

/// Rule `expected`: `limit 1000`, `batch 1000` and `in batches 1000`, where the number of rows of a batch is meant.
fn batches_of(input: ParseStream<'_>) -> Parse<()> {
    let forms: [&[&str]; 5] = [&["limit"], &["batch"], &["batches", "of"], &["in", "batches"], &["batch", "size"]];
    let number = forms.iter().find_map(|words| after_words(input.cursor(), words)?.literal());
    match number {
        Some((number, _)) => Err(Diagnostic::new("expected", input.span(), "expected `in batches of` before the number of rows")
            .help(format!("write `in batches of {number}`"))),
        None => Ok(()),
    }
}

/// Rule `query_clause`: a clause of SQL that a statement about rows does not have.
fn no_clause(statement: &str, input: ParseStream<'_>) -> Parse<()> {
    let forms: [(&[&str], &str); 3] = [
        (&["returning"], "remove it: a migration does not read what the statement returns"),
        (&["limit"], "name the rows in `where`"),
        (&["order", "by"], "remove it: the order in which the rows are changed does not matter"),
    ];
    let Some((words, help)) = forms.iter().find(|(words, _)| peek_words(input, words)) else { return Ok(()) };
    let message = format!("`{}` is not supported in `{statement}`", words.join(" "));
    Err(Diagnostic::new("query_clause", input.span(), message).help(*help))
}

/// How many rows a batch takes at most.
fn most(input: ParseStream<'_>) -> Parse<u64> {
    let number = integer(input, "a number of rows")?;
    let most = number.base10_parse().ok().filter(|most| *most > 0);
    most.ok_or_else(|| Diagnostic::new("expected", number.span(), "expected a number of rows, 1 at least"))
}

/// `delete from TABLE [where EXPR]`, the words taken.
pub(super) fn delete(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let table = table(parser, piece, input)?;
    if peek_words(input, &["using"]) {
        return Err(query::delete_using(&mut Reader::new(parser, piece, Some(&table)), &table, input));
    }
    let which = assign::which(parser, piece, &table, input)?;
    no_clause("delete", input)?;
    let delete = DeleteRows { table, which, author: Deleter::User };
    Ok(Operations::one(piece, if keeps(input) { kept(KeptChange::Delete(delete)) } else { delete.into() }))
}

/// `keep data`
fn keeps(input: ParseStream<'_>) -> bool {
    take_words(input, undo::KEEP).is_some()
}

fn kept(change: KeptChange) -> Operation {
    KeepRows { change, number: None }.into()
}

/// `restore rows of TABLE`, the words taken.
pub(super) fn restore(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let table = table(parser, piece, input)?;
    Ok(Operations::one(piece, RestoreRows { table, number: None }.into()))
}

/// `truncate TABLE`, the word taken. Rule `keep_here`.
pub(super) fn truncate(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Operations> {
    let table = table(parser, piece, input)?;
    if peek_words(input, undo::KEEP) {
        let message = "`truncate` cannot keep rows: it does not read them";
        let help = format!("write `delete from {table} keep data;`");
        return Err(Diagnostic::new("keep_here", input.span(), message).help(help));
    }
    Ok(Operations::one(piece, Truncate { table }.into()))
}

fn table(parser: &mut Parser, piece: PieceId, input: ParseStream<'_>) -> Parse<Name> {
    let (table, span) = name::qualified(input, "a table")?;
    parser.marks.note(piece, Role::Table, &table.to_string(), span);
    Ok(table)
}
