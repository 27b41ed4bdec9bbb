//! Statements, and what stands behind each: its way back.

use migrate_model::draft::{Piece, Undo};
use migrate_model::name::Name;
use migrate_model::near::did_you_mean;
use migrate_model::operation::{CreateIndex, DropIndex, Operation, RenameIndex, RunSql};
use migrate_model::problem::{PieceId, Role, Slot};
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::attribute::{Attributes, attributes};
use crate::parse::cursor::{expect_words, expected, next_word, peek_braces, peek_words, take_punct, take_words, text};
use crate::parse::{Parser, alter, index, name, planned, raw, table};

/// The words that statements begin with.
const WORDS: &[&str] = &["create", "drop", "rename", "alter", "sql", "down", "require", "after", "revision"];

/// `{ STATEMENTS }`
pub(super) fn block(parser: &mut Parser, what: &str, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    if !peek_braces(input) {
        return Err(expected(input, what));
    }
    let inner = crate::parse::cursor::inside_braces(input)?;
    Ok(statements(parser, &inner))
}

/// The same, where a statement is only itself: rule `way_back_here`, and `attribute_here` in what raw SQL does to the schema.
pub(super) fn plain_block(parser: &mut Parser, what: &str, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let pieces = block(parser, what, input)?;
    without_undo(parser, &pieces, "what raw SQL does to the schema");
    for piece in pieces.iter().filter(|piece| piece.only.is_some() || !piece.allows.is_empty()) {
        let message = "what raw SQL does to the schema is described for the whole `sql`";
        let diagnostic = Diagnostic::new("attribute_here", parser.marks.place(piece.id), message);
        parser.diagnostics.push(diagnostic.help("move the attribute before `sql`"));
    }
    Ok(pieces)
}

/// Rule `way_back_here`: a way back has none of its own.
pub(super) fn without_undo(parser: &mut Parser, pieces: &[Piece], what: &str) {
    for piece in pieces.iter().filter(|piece| !matches!(piece.undo, Undo::Inferred)) {
        let place = parser.marks.find(piece.id, &Slot::new(Role::Undo, "")).unwrap_or_else(|| parser.marks.place(piece.id));
        let diagnostic = Diagnostic::new("way_back_here", place, format!("{what} has no way back of its own"));
        parser.diagnostics.push(diagnostic.help("remove it"));
    }
}

/// Statements up to the end, going on after each mistake.
pub(super) fn statements(parser: &mut Parser, input: ParseStream<'_>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    while !input.is_empty() {
        match statement(parser, input) {
            Ok(done) => pieces.extend(done),
            Err(diagnostic) => parser.report(diagnostic, input),
        }
    }
    pieces
}

/// One statement with its attributes and its way back.
pub(super) fn statement(parser: &mut Parser, input: ParseStream<'_>) -> Parse<Vec<Piece>> {
    let attributes = attributes(input)?;
    let start = input.span();
    planned::statement(input)?;
    if !peek_words(input, &["create", "table"]) {
        attributes.refuse_comment("another statement")?;
    }
    if take_words(input, &["alter", "table"]).is_some() {
        let pieces = alter::alter(parser, &attributes, input)?;
        take_punct(input, ";");
        return Ok(pieces);
    }
    let piece = parser.marks.begin(start);
    let (operations, needs_end) = operation(parser, piece, &attributes, input)?;
    finish(parser, operations, &attributes, needs_end, None, input)
}

/// What the statement does, and whether a semicolon must end it.
fn operation(
    parser: &mut Parser,
    piece: PieceId,
    attributes: &Attributes,
    input: ParseStream<'_>,
) -> Parse<(Vec<(PieceId, Operation)>, bool)> {
    let start = input.span();
    let one = |operation: Operation| (vec![(piece, operation)], true);
    if take_words(input, &["create", "table"]).is_some() {
        table::if_exists(input, "not exists")?;
        return Ok((table::create(parser, piece, attributes, input)?, false));
    }
    if take_words(input, &["drop", "table"]).is_some() {
        return Ok(one(table::drop(parser, piece, input)?));
    }
    if take_words(input, &["rename", "table"]).is_some() {
        return Ok(one(table::rename(parser, piece, input)?));
    }
    for (words, unique) in [(&["create", "index"][..], false), (&["create", "unique", "index"][..], true)] {
        if take_words(input, words).is_some() {
            table::if_exists(input, "not exists")?;
            let (name, table) = index::head(parser, piece, input)?;
            let index = index::index(parser, piece, &table, name, unique, input)?;
            return Ok(one(CreateIndex { table, index }.into()));
        }
    }
    if take_words(input, &["drop", "index"]).is_some() {
        table::if_exists(input, "exists")?;
        let (name, span) = name::qualified(input, "the name of the index")?;
        parser.marks.note(piece, Role::Index, &name.to_string(), span);
        return Ok(one(DropIndex { name }.into()));
    }
    if take_words(input, &["rename", "index"]).is_some() {
        let (from, span) = name::qualified(input, "the name of the index")?;
        parser.marks.note(piece, Role::Index, &from.to_string(), span);
        expect_words(input, &["to"])?;
        let (to, span) = name::qualified(input, "the new name")?;
        parser.marks.note(piece, Role::To, &to.to_string(), span);
        return Ok(one(RenameIndex { from, to }.into()));
    }
    if take_words(input, &["sql"]).is_some() {
        let operation = raw::sql(parser, piece, start, input)?;
        let ends = matches!(&operation, Operation::RunSql(raw) if raw.effect.as_ref().is_some_and(|effect| !effect.is_empty()));
        return Ok((vec![(piece, operation)], !ends));
    }
    Err(unknown(input))
}

/// Rule `unknown_statement`.
fn unknown(input: ParseStream<'_>) -> Diagnostic {
    let word = next_word(input).unwrap_or_default();
    if word.is_empty() {
        return expected(input, "a statement");
    }
    let objects = ["table", "index", "unique index"];
    if ["create", "drop", "rename", "alter"].contains(&word.as_str()) {
        let object = crate::parse::cursor::after_words(input.cursor(), &[&word])
            .and_then(crate::parse::cursor::word_at)
            .map(|(word, _)| word);
        let near = did_you_mean(object.as_deref().unwrap_or_default(), objects);
        let message = format!("`{word}` needs something to {word}: `{word} table …`");
        return Diagnostic::new("unknown_statement", input.span(), message).help_if(near);
    }
    let near = did_you_mean(&word, WORDS.iter().copied());
    Diagnostic::new("unknown_statement", input.span(), format!("no statement begins with `{word}`")).help_if(near)
}

/// The way back behind a statement and its end; makes the pieces.
pub(super) fn finish(
    parser: &mut Parser,
    operations: Vec<(PieceId, Operation)>,
    attributes: &Attributes,
    needs_end: bool,
    table: Option<&Name>,
    input: ParseStream<'_>,
) -> Parse<Vec<Piece>> {
    let first = operations.first().map_or(PieceId(0), |(piece, _)| *piece);
    for (role, word, span) in &attributes.words {
        operations.iter().for_each(|(piece, _)| parser.marks.note(*piece, *role, word, *span));
    }
    let mut undo = undo(parser, first, table, input)?;
    let written = !matches!(undo, Undo::Inferred);
    if take_punct(input, ";").is_none() && (needs_end || written) && !input.is_empty() && !ended_by_braces(&undo) {
        table::no_comma(input)?;
        return Err(expected(input, "`;`"));
    }
    let only = attributes.only.clone();
    let piece = |(id, operation)| {
        let undo = std::mem::replace(&mut undo, Undo::Inferred);
        Piece { id, operation, only: only.clone(), allows: attributes.allows.clone(), undo }
    };
    Ok(operations.into_iter().map(piece).collect())
}

fn ended_by_braces(undo: &Undo) -> bool {
    matches!(undo, Undo::Written(_))
}

/// `undo { … }`, `undo "…"`, `undo nothing "reason"`, `irreversible "reason"`
fn undo(parser: &mut Parser, piece: PieceId, table: Option<&Name>, input: ParseStream<'_>) -> Parse<Undo> {
    let span = input.span();
    if peek_words(input, &["keep", "data"]) {
        let message = "`keep data` is planned and not built yet";
        let help = "leave it out until then: the level says what is lost";
        return Err(Diagnostic::new("planned", span, message).help(help));
    }
    if take_words(input, &["irreversible"]).is_some() {
        return Ok(Undo::Irreversible(reason(input)?));
    }
    if take_words(input, &["undo"]).is_none() {
        return Ok(Undo::Inferred);
    }
    parser.marks.note(piece, Role::Undo, "", span);
    if take_words(input, &["nothing"]).is_some() {
        return Ok(Undo::Nothing(reason(input)?));
    }
    if !raw::peek_texts(input) {
        let pieces = match table.filter(|_| peek_braces(input)) {
            Some(table) => alter::undo(parser, table, input)?,
            None => block(parser, "`{ … }`, SQL in double quotes, or `nothing \"reason\"`", input)?,
        };
        without_undo(parser, &pieces, "a way back");
        return Ok(Undo::Written(pieces));
    }
    let id = parser.marks.begin(input.span());
    let texts = raw::texts(parser, id, input)?;
    let operation = RunSql { texts, effect: None }.into();
    Ok(Undo::Written(vec![Piece { id, operation, only: None, allows: Vec::new(), undo: Undo::Inferred }]))
}

/// Rule `reason`: why there is no way back.
fn reason(input: ParseStream<'_>) -> Parse<String> {
    let span = input.span();
    let (reason, place) = text(input, "the reason in double quotes")
        .map_err(|_| Diagnostic::new("reason", span, "say why, in double quotes").help("`\"retention: must not come back\"`"))?;
    if reason.trim().is_empty() {
        return Err(Diagnostic::new("reason", place, "say why: the reason is empty").help("`\"retention: must not come back\"`"));
    }
    Ok(reason)
}
