//! Which habit comes next in what could not be read, and the part without it.

use proc_macro2::{Delimiter, Literal, Punct, Spacing, Span, TokenTree};

use crate::name::Name;
use crate::parse::habit::edit::{Edit, EditKind, in_groups, spliced};
use crate::parse::habit::list::{
    ACTIONS, ANYWHERE, ATTRIBUTES, BESIDES, ENTRIES, RAW_SQL, STATEMENTS, TYPES, VALUES, WITHOUT_COLON,
};
use crate::parse::habit::pattern::{Match, matches, said, written};
use crate::parse::habit::repair::Spot;
use crate::parse::habit::shown::{Quotes, shown};
use crate::parse::habit::spelling::{arrays, capitals, methods, quotes};
use crate::parse::habit::{Habit, rows, rust};
use crate::types::Type;

/// The next change of a part that may be read already: of a type that would be an enum otherwise.
pub(super) fn edit_of_type(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    if are_actions(place, tokens) {
        return in_list(place, ';', tokens, edit_of_type);
    }
    let edit = in_column(place, tokens).filter(|edit| edit.says.as_ref().is_some_and(|(rule, _)| *rule == "unknown_type"));
    edit.or_else(|| in_body(place, tokens, edit_of_type))
}

/// The next change of a part, if there is a habit in it.
pub(super) fn edit(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    if let Some(edit) = separated(place, tokens) {
        return Some(edit);
    }
    if are_actions(place, tokens) {
        return in_list(place, ';', tokens, edit);
    }
    as_raw(place, tokens)
        .or_else(|| in_column(place, tokens))
        .or_else(|| anywhere(tokens))
        .or_else(|| capitals(tokens))
        .or_else(|| quotes(tokens))
        .or_else(|| arrays(tokens))
        .or_else(|| methods(tokens))
        .or_else(|| of_rows(place, tokens))
        .or_else(|| at_start(place, tokens))
        .or_else(|| in_body(place, tokens, edit))
}

/// A statement that is raw SQL here, as it is written.
fn as_raw(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    let Spot::Statement = place else { return None };
    RAW_SQL.iter().find_map(|habit| replaced(habit, tokens, 0, Match::default()))
}

/// A habit in a statement about rows.
fn of_rows(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    let Spot::Statement = place else { return None };
    rows::edit(tokens)
}

/// The index of the type of a column, if the part is one.
fn type_of(place: &Spot, tokens: &[TokenTree]) -> Option<usize> {
    let pattern = match place {
        Spot::Action(_) => "add NAME :",
        Spot::Entry => "NAME :",
        Spot::Statement | Spot::Value => return None,
    };
    matches(pattern, tokens).map(|found| found.length)
}

/// A habit in the type or the attributes of a column, or in the type that an action changes it to.
fn in_column(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    let changed = matches!(place, Spot::Action(_)).then(|| matches("alter NAME type", tokens)).flatten();
    let column = type_of(place, tokens);
    let at = column.or(changed.map(|found| found.length))?;
    let of_type = TYPES.iter().find_map(|habit| replaced(habit, tokens, at, Match::default()));
    let of_type = of_type.or_else(|| type_elsewhere(tokens, at)).or_else(|| rust::edit(tokens, at));
    of_type.or_else(|| {
        let attributes = (column? + 1..tokens.len()).flat_map(|at| ATTRIBUTES.iter().map(move |habit| (habit, at)));
        attributes.into_iter().find_map(|(habit, at)| replaced(habit, tokens, at, Match::default()))
    })
}

/// A type that has another name here: `int(11)`, `VARCHAR(20)`.
fn type_elsewhere(tokens: &[TokenTree], at: usize) -> Option<Edit> {
    let TokenTree::Ident(word) = tokens.get(at)? else { return None };
    let name = word.to_string();
    let lower = name.to_lowercase();
    let here = Type::elsewhere(&name).or_else(|| Type::words().find(|known| *known == lower && *known != name))?;
    let length = tokens.get(at + 1).filter(|token| is_parens(token));
    let kept = length.filter(|_| ["varchar", "char", "decimal"].contains(&here));
    let new: Vec<TokenTree> = written(here, &Match::default(), word.span()).into_iter().chain(kept.cloned()).collect();
    let words = (kept.is_some() || length.is_none()).then(|| shown(&new, Quotes::Double));
    let edit = Edit { words, ..spliced(tokens, at, 1 + usize::from(length.is_some()), new) };
    Some(Edit { says: Some(("unknown_type", format!("unknown type `{name}`"))), ..edit })
}

fn is_parens(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis)
}

/// What is left out anywhere, but not in parentheses.
fn anywhere(tokens: &[TokenTree]) -> Option<Edit> {
    (0..tokens.len()).find_map(|at| ANYWHERE.iter().find_map(|habit| replaced(habit, tokens, at, Match::default())))
}

/// A habit that begins the part.
fn at_start(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    let first = |habits: &[Habit], found: &dyn Fn() -> Match| habits.iter().find_map(|habit| replaced(habit, tokens, 0, found()));
    match place {
        Spot::Statement => first(STATEMENTS, &Match::default),
        Spot::Action(table) => {
            let words = || {
                let relation = written(&table.to_string(), &Match::default(), Span::call_site());
                Match::default().with("RELATION", relation)
            };
            let beside = || first(BESIDES, &words).map(|edit| Edit { kind: EditKind::Beside, ..edit });
            first(ACTIONS, &words).or_else(beside).or_else(|| first(&WITHOUT_COLON[1..], &words))
        }
        Spot::Entry => first(ENTRIES, &Match::default).or_else(|| first(&WITHOUT_COLON[..1], &Match::default)),
        Spot::Value => first(VALUES, &Match::default),
    }
}

/// A habit at a place.
fn replaced(habit: &Habit, tokens: &[TokenTree], at: usize, known: Match) -> Option<Edit> {
    let found = matches(habit.sql, &tokens[at..])?.and(known);
    let old = &tokens[at..at + found.length];
    let span = old.first().map_or_else(Span::call_site, TokenTree::span);
    let found = found.with("VERBATIM", vec![Literal::string(&shown(old, Quotes::Single)).into()]);
    let found = found.with("WRITTEN", old.to_vec());
    let new = written(habit.here, &found, span);
    if shown(old, Quotes::Double) == shown(&new, Quotes::Double) {
        return None;
    }
    let is_type = matches!(habit.says, Some(("unknown_type", _)));
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_)) || is_type && is_parens(token);
    let are_words = at > 0 && !new.is_empty() && old.iter().chain(&new).all(is_word);
    let words = are_words.then(|| shown(&new, Quotes::Double));
    let mut edit = spliced(tokens, at, found.length, new);
    if words.is_some() {
        edit = Edit { words, index: at, span, ..edit };
    }
    let found = found.with("WORD", vec![tokens[edit.index].clone()]);
    let says = habit.says.map(|(rule, text)| (rule, said(text, &found)));
    Some(Edit { says, unserved: habit.unserved, ..edit })
}

/// What changes a part.
type EditIn = fn(&Spot, &[TokenTree]) -> Option<Edit>;

/// A habit in the body that an `alter table` or a `create table` has.
fn in_body(place: &Spot, tokens: &[TokenTree], change: EditIn) -> Option<Edit> {
    let (Spot::Statement, Some(words)) = (place, tokens.get(..3)) else { return None };
    let (inner, mark) = if matches("create table", words).is_some() {
        (Spot::Entry, ',')
    } else if matches("alter table", words).is_some() {
        (Spot::Action(Name::new(words[2].to_string())), ';')
    } else {
        return None;
    };
    in_groups(tokens, Delimiter::Brace, |body| in_list(&inner, mark, body, change))
}

/// Rule `semicolon`: actions that commas separate.
fn separated(place: &Spot, tokens: &[TokenTree]) -> Option<Edit> {
    let Spot::Action(_) = place else { return None };
    let begins =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if VERBS.contains(&word.to_string().to_lowercase().as_str()));
    let at = tokens.windows(2).position(|pair| is_mark(&pair[0], ',') && begins(&pair[1]))?;
    let says = Some(("semicolon", "actions are separated by semicolons".to_owned()));
    Some(Edit { says, ..spliced(tokens, at, 1, vec![Punct::new(';', Spacing::Alone).into()]) })
}

/// Whether the part is several actions by now.
fn are_actions(place: &Spot, tokens: &[TokenTree]) -> bool {
    matches!(place, Spot::Action(_)) && tokens.iter().any(|token| is_mark(token, ';'))
}

/// What an action of `alter table` begins with, here or elsewhere.
const VERBS: [&str; 6] = ["add", "alter", "change", "drop", "modify", "rename"];

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// A habit in one of the parts that a mark separates.
fn in_list(place: &Spot, mark: char, tokens: &[TokenTree], change: EditIn) -> Option<Edit> {
    let mut start = 0;
    for part in tokens.split(|token| is_mark(token, mark)) {
        if !part.is_empty()
            && let Some(edit) = change(place, part).filter(|edit| edit.kind != EditKind::Beside)
        {
            let whole = tokens[..start].iter().cloned().chain(edit.tokens);
            let whole = whole.chain(tokens[start + part.len()..].iter().cloned()).collect();
            return Some(Edit { tokens: whole, ..edit });
        }
        start += part.len() + 1;
    }
    None
}
