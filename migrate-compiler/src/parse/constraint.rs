//! Constraints of a table.

use crate::name::Name;
use crate::problem::{PieceId, Role};
use crate::schema::{Constraint, ForeignKey, ReferentialAction, Rule, Timing};
use proc_macro2::Span;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{after_words, expect_words, expected, is_parens, list, parens, peek_parens, peek_words, take_words};
use crate::parse::expr::Reader;
use crate::parse::{Parser, name, planned};

/// Whether a constraint begins at the cursor, and not a column of that name.
pub(super) fn is_constraint(cursor: Cursor<'_>) -> bool {
    let begins = |words: &[&str]| after_words(cursor, words).is_some_and(is_parens);
    begins(&["primary", "key"])
        || begins(&["foreign", "key"])
        || begins(&["unique"])
        || begins(&["check"])
        || after_words(cursor, &["exclude"]).is_some_and(|rest| rest.ident().is_some() || is_parens(rest))
}

/// `primary key (…)`, `unique (…)`, `foreign key (…) references …`, `check (…)`, each perhaps deferrable.
pub(super) fn constraint(
    parser: &mut Parser,
    piece: PieceId,
    table: &Name,
    name: Option<(String, Span)>,
    input: ParseStream<'_>,
) -> Parse<Constraint> {
    let start = input.span();
    let rule = rule(parser, piece, table, input)?;
    let timing = timing(input)?.unwrap_or(Timing::Immediate);
    let (name, place) = name.map_or((None, start), |(name, span)| (Some(name), span));
    parser.marks.note(piece, Role::Constraint, name.as_deref().unwrap_or_default(), place);
    Ok(Constraint { name, rule, timing })
}

fn rule(parser: &mut Parser, piece: PieceId, table: &Name, input: ParseStream<'_>) -> Parse<Rule> {
    if take_words(input, &["primary", "key"]).is_some() {
        Ok(Rule::PrimaryKey { columns: columns(parser, piece, Role::Use, input)? })
    } else if take_words(input, &["unique"]).is_some() {
        let columns = columns(parser, piece, Role::Use, input)?;
        let nulls = take_words(input, &["nulls", "not", "distinct"]);
        nulls.into_iter().for_each(|span| parser.marks.note(piece, Role::Option, "nulls not distinct", span));
        Ok(Rule::Unique { columns, nulls_not_distinct: nulls.is_some() })
    } else if take_words(input, &["foreign", "key"]).is_some() {
        let columns = columns(parser, piece, Role::Use, input)?;
        expect_words(input, &["references"])?;
        Ok(Rule::ForeignKey(references(parser, piece, columns, input)?))
    } else if take_words(input, &["check"]).is_some() {
        let condition = parens(input, "a condition in parentheses", |input| Reader::new(parser, piece, Some(table)).expr(input))?;
        Ok(Rule::Check { condition })
    } else if peek_words(input, &["exclude"]) {
        Err(planned::of_table(
            input,
            "`exclude`",
            "sql \"ALTER TABLE t ADD CONSTRAINT x EXCLUDE …\" as nothing undo \"ALTER TABLE t DROP CONSTRAINT x\";",
        ))
    } else {
        Err(expected(input, "`primary key`, `unique`, `foreign key` or `check`"))
    }
}

/// `(a, b)`
pub(super) fn columns(parser: &mut Parser, piece: PieceId, role: Role, input: ParseStream<'_>) -> Parse<Vec<String>> {
    parens(input, "columns in parentheses", |input| {
        list(input, |input| {
            let (name, span) = name::plain(input, "a column")?;
            parser.marks.note(piece, role, &name, span);
            Ok(name)
        })
    })
}

/// `TABLE [(columns)] [on delete …] [on update …]`
pub(super) fn references(parser: &mut Parser, piece: PieceId, own: Vec<String>, input: ParseStream<'_>) -> Parse<ForeignKey> {
    let (table, span) = name::qualified(input, "the referenced table")?;
    parser.marks.note(piece, Role::Target, &table.to_string(), span);
    let references = if peek_parens(input) { columns(parser, piece, Role::TargetColumn, input)? } else { Vec::new() };
    let mut key = ForeignKey {
        columns: own,
        table,
        references,
        on_delete: ReferentialAction::NoAction,
        set_columns: Vec::new(),
        on_update: ReferentialAction::NoAction,
    };
    let mut said = (false, false);
    loop {
        let span = input.span();
        let (words, event, action) = if take_words(input, &["on", "delete"]).is_some() {
            ("on delete", &mut said.0, &mut key.on_delete)
        } else if take_words(input, &["on", "update"]).is_some() {
            ("on update", &mut said.1, &mut key.on_update)
        } else {
            return Ok(key);
        };
        if std::mem::replace(event, true) {
            return Err(Diagnostic::new("attribute_twice", span, format!("duplicate `{words}`")).help("remove one of them"));
        }
        *action = self::action(input)?;
        let sets = matches!(action, ReferentialAction::SetNull | ReferentialAction::SetDefault);
        if words == "on delete" && sets && peek_parens(input) {
            key.set_columns = columns(parser, piece, Role::Use, input)?;
        }
    }
}

fn action(input: ParseStream<'_>) -> Parse<ReferentialAction> {
    let found = ReferentialAction::ALL
        .into_iter()
        .find(|action| take_words(input, &action.words().split(' ').collect::<Vec<_>>()).is_some());
    found.ok_or_else(|| {
        expected(input, "a referential action").help("write `cascade`, `restrict`, `set null`, `set default` or `no action`")
    })
}

/// `deferrable`, `deferrable initially deferred`, `not deferrable`
pub(super) fn timing(input: ParseStream<'_>) -> Parse<Option<Timing>> {
    let forms: [(&[&str], Timing); 5] = [
        (&["deferrable", "initially", "deferred"], Timing::Deferred),
        (&["deferrable", "initially", "immediate"], Timing::Deferrable),
        (&["deferrable"], Timing::Deferrable),
        (&["not", "deferrable"], Timing::Immediate),
        (&["initially", "deferred"], Timing::Deferred),
    ];
    Ok(forms.into_iter().find(|(words, _)| take_words(input, words).is_some()).map(|(_, timing)| timing))
}
