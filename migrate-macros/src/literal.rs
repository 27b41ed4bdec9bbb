//! What a migration leaves behind, as the one literal that its macro puts in front of a child's tokens: the whole state, or what
//! has changed since the last whole one.

use migrate_compiler::state::State;

use crate::cache;

/// After so many changes the whole state stands in a literal again, so that a literal does not grow with the history.
const WHOLE_EVERY: usize = 32;

/// A literal, read.
#[derive(Clone)]
pub(crate) struct Literal {
    place: Place,
    /// The whole state as text; what changed since it stands in the place.
    whole: Option<String>,
    /// The state, where it was at hand.
    known: Option<State>,
}

/// Where a state stands among the literals.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// What it is found by.
    key: String,
    /// The changes since the last whole state, the earliest first, each behind its length.
    changes: String,
    /// How many they are.
    count: usize,
}

impl Literal {
    /// Reads a literal; `None` where it is not one of this version.
    pub fn read(text: &str) -> Option<Literal> {
        if let Some(text) = text.strip_prefix('=') {
            let place = Place { key: cache::key(["", text]), changes: String::new(), count: 0 };
            return Some(Literal { known: cache::find(&place.key), whole: Some(text.to_owned()), place });
        }
        let (count, rest) = text.strip_prefix('+')?.split_once(';')?;
        let (key, changes) = rest.split_once(';')?;
        let place = Place { key: key.to_owned(), changes: changes.to_owned(), count: count.parse().ok()? };
        Some(Literal { known: cache::find(key), whole: None, place })
    }

    /// Whether its state can be made without asking the one before it that is whole. What is at hand here may be gone in
    /// another call, so it is `known` only while it is not sent on.
    pub fn is_enough(&self, is_sent_on: bool) -> bool {
        self.whole.is_some() || !is_sent_on && self.known.is_some()
    }
}

/// The state of a literal, with the whole one before it where that was asked for; and where it stands.
pub(crate) fn state(literal: Literal, before: Option<&Literal>) -> Option<(State, Place)> {
    let Literal { place, whole, known } = literal;
    if let Some(state) = known {
        return Some((state, place));
    }
    let whole = whole.as_deref().or_else(|| before?.whole.as_deref())?;
    let mut state = State::decode(whole)?;
    let mut changes = place.changes.as_str();
    while !changes.is_empty() {
        let (length, rest) = changes.split_once(':')?;
        let (change, rest) = rest.split_at_checked(length.parse().ok()?)?;
        state = state.change(change)?;
        changes = rest;
    }
    cache::keep(place.key.clone(), &state);
    Some((state, place))
}

/// The literal for a migration, and whether it is the whole state.
pub(crate) fn write(parent: Option<&Place>, before: &State, after: &State) -> (String, bool) {
    let change = parent.filter(|parent| parent.count + 1 < WHOLE_EVERY).and_then(|parent| {
        let change = after.change_since(before)?;
        Some((cache::key([&parent.key, &change]), parent, change))
    });
    if let Some((key, Place { changes, count, .. }, change)) = change {
        let literal = format!("+{};{key};{changes}{}:{change}", count + 1, change.len());
        cache::keep(key, after);
        return (literal, false);
    }
    let text = after.encode();
    cache::keep(cache::key(["", &text]), after);
    (format!("={text}"), true)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]
mod tests {
    use migrate_compiler::compile::compile;
    use migrate_compiler::parse;
    use migrate_compiler::state::Settings;
    use migrate_history::Database;

    use super::*;

    fn root() -> State {
        State::root(Settings { databases: Database::ALL.to_vec(), require: None })
    }

    /// What a migration leaves behind after another one.
    fn next(before: &State, text: &str) -> (State, State) {
        let before = before.clone().next("");
        let draft = parse::migration(text.parse().expect("tokens")).draft;
        let outcome = compile(before.clone(), &draft, "");
        assert_eq!(outcome.problems, []);
        (before, outcome.after)
    }

    /// Reads a literal where nothing is at hand, as in another process.
    fn read(text: &str, whole: Option<&str>) -> Option<State> {
        cache::forget();
        let literal = Literal::read(text)?;
        let whole = whole.and_then(Literal::read);
        state(literal, whole.as_ref()).map(|(state, _)| state)
    }

    #[test]
    fn a_chain_of_changes_leads_to_the_state_that_was_handed_over() {
        let (before, mut after) = next(&root(), "create table t0 { id: bigint primary key }");
        let (whole, is_whole) = write(None, &before, &after);
        assert!(is_whole);
        let (_, mut place) = state(Literal::read(&whole).expect("it is one"), None).expect("it is whole");
        let mut changes = 0;
        for number in 1..WHOLE_EVERY + 3 {
            let parent = after.clone().named(&format!("m{number}"));
            let (before, left) = next(&parent, &format!("create table t{number} {{ id: bigint primary key }}"));
            let (text, is_whole) = write(Some(&place), &before, &left);
            if is_whole {
                assert_eq!(read(&text, None).map(|again| again.encode()), Some(left.encode()));
                break;
            }
            changes += 1;
            let again = read(&text, Some(&whole)).expect("the whole state and all changes since are there");
            assert_eq!(again.encode(), left.encode(), "after {number}");
            let parent = Literal::read(&whole).expect("it is one");
            place = state(Literal::read(&text).expect("it is one"), Some(&parent)).expect("it can be read").1;
            after = left;
        }
        assert_eq!(changes, WHOLE_EVERY - 1, "then a literal is whole again");
    }

    #[test]
    fn a_change_without_its_whole_state_is_asked_for() {
        let (before, first) = next(&root(), "create table a { id: bigint }");
        let (whole, _) = write(None, &before, &first);
        let (_, place) = state(Literal::read(&whole).expect("it is one"), None).expect("it is whole");
        let (before, second) = next(&first.named("m1"), "create table b { id: bigint }");
        let (change, _) = write(Some(&place), &before, &second);
        assert!(read(&change, None).is_none());
        assert!(read(&change, Some(&whole)).is_some());
        cache::forget();
        assert!(!Literal::read(&change).expect("it is one").is_enough(false));
        assert!(Literal::read(&whole).expect("it is one").is_enough(true));
    }

    #[test]
    fn what_is_no_literal_of_this_version_is_none() {
        for text in ["", "=", "+", "+1;key", "+x;key;1:a", "=1garbage", "other"] {
            assert!(read(text, None).is_none(), "{text:?}");
        }
    }
}
