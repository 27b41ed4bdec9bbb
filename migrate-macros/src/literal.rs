//! The state after a migration, as the one literal that its macro puts in front of a child's tokens: the whole state, or what
//! has changed since the last whole one.

use migrate_compiler::state::State;

use crate::cache;

/// A state of so many bytes is never too long to be written whole.
const SHORT: usize = 4096;

/// A literal, read.
#[derive(Clone)]
pub(crate) struct Literal {
    chain: ChangesSince,
    /// The whole state as text; what changed since is in the chain.
    whole: Option<String>,
    /// The state, where it was at hand.
    known: Option<State>,
}

/// The changes that lead from the last whole state to another one.
#[derive(Clone, Debug)]
pub(crate) struct ChangesSince {
    /// What it is found by.
    key: String,
    /// The changes since the last whole state, the earliest first, each after its length.
    changes: String,
    /// How many bytes of changes all literals since the last whole state have.
    written: usize,
    /// How many bytes the last whole state has.
    whole: usize,
}

impl Literal {
    /// Reads a literal; `None` where it is not one of this version.
    pub fn read(text: &str) -> Option<Literal> {
        if let Some(text) = text.strip_prefix('=') {
            let chain = ChangesSince { key: cache::key(["", text]), changes: String::new(), written: 0, whole: text.len() };
            return Some(Literal { known: cache::find(&chain.key), whole: Some(text.to_owned()), chain });
        }
        let (written, rest) = text.strip_prefix('+')?.split_once(';')?;
        let (whole, rest) = rest.split_once(';')?;
        let (key, changes) = rest.split_once(';')?;
        let (key, changes) = (key.to_owned(), changes.to_owned());
        let chain = ChangesSince { key, changes, written: written.parse().ok()?, whole: whole.parse().ok()? };
        Some(Literal { known: cache::find(&chain.key), whole: None, chain })
    }

    /// Whether its state can be made in this call without asking the one before it that is whole.
    pub fn is_enough_here(&self) -> bool {
        self.is_whole() || self.known.is_some()
    }

    /// The same in another call, in which what is at hand here may be gone.
    pub fn is_whole(&self) -> bool {
        self.whole.is_some()
    }
}

/// The state of a literal, with the whole one before it where that was needed; and its place in the chain.
pub(crate) fn state(literal: Literal, before: Option<&Literal>) -> Option<(State, ChangesSince)> {
    let Literal { chain, whole, known } = literal;
    if let Some(state) = known {
        return Some((state, chain));
    }
    let whole = whole.as_deref().or_else(|| before?.whole.as_deref())?;
    let mut state = State::decode(whole)?;
    let mut changes = chain.changes.as_str();
    while !changes.is_empty() {
        let (length, rest) = changes.split_once(':')?;
        let (change, rest) = rest.split_at_checked(length.parse().ok()?)?;
        state = state.change(change)?;
        changes = rest;
    }
    cache::keep(chain.key.clone(), &state);
    Some((state, chain))
}

/// The literal for a migration, and whether it is the whole state: it is where the changes have taken as much room since the last one.
/// So all literals together are not much longer than the changes and a few whole states, however large a state is.
pub(crate) fn write(parent: Option<&ChangesSince>, before: &State, after: &State) -> (String, bool) {
    let change = parent.and_then(|parent| {
        let change = after.change_since(before)?;
        let changes = format!("{}{}:{change}", parent.changes, change.len());
        let written = parent.written + changes.len();
        (written <= parent.whole.max(SHORT)).then(|| (cache::key([&parent.key, &change]), changes, written, parent.whole))
    });
    if let Some((key, changes, written, whole)) = change {
        let literal = format!("+{written};{whole};{key};{changes}");
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
    use migrate_history::{Database, Version};

    use super::*;

    fn root() -> State {
        State::root(Settings::of(Database::ALL.iter().copied().map(Version::oldest)))
    }

    /// The state after a migration that comes after another one.
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
        let (_, mut chain) = state(Literal::read(&whole).expect("it is one"), None).expect("it is whole");
        let mut changes = 0;
        let mut written = 0;
        for number in 1.. {
            let parent = after.clone().named(&format!("m{number}"));
            let (before, left) = next(&parent, &format!("create table t{number} {{ id: bigint primary key }}"));
            let (text, is_whole) = write(Some(&chain), &before, &left);
            if is_whole {
                assert_eq!(read(&text, None).map(|again| again.encode()), Some(left.encode()));
                break;
            }
            changes += 1;
            written += text.len();
            assert!(written < 2 * SHORT, "the changes take no more room than a whole state");
            let again = read(&text, Some(&whole)).expect("the whole state and all changes since are there");
            assert_eq!(again.encode(), left.encode(), "after {number}");
            let parent = Literal::read(&whole).expect("it is one");
            chain = state(Literal::read(&text).expect("it is one"), Some(&parent)).expect("it can be read").1;
            after = left;
        }
        assert!(changes > 3, "then a literal is whole again: {changes}");
    }

    #[test]
    fn small_migrations_after_many_tables_hand_on_little() {
        let table =
            |number| format!("create table t{number} {{ id: bigint primary key, a: text, b: text?, c: integer default 1 }}\n");
        let (before, mut after) = next(&root(), &(0..100).map(table).collect::<String>());
        let (mut text, _) = write(None, &before, &after);
        let whole = text.len();
        let mut kept = text.clone();
        let (mut total, mut wholes) = (0, 0);
        for number in 0..100 {
            let parent = Literal::read(&kept).expect("it is one");
            let (_, chain) = state(Literal::read(&text).expect("it is one"), Some(&parent)).expect("it can be read");
            let (before, left) = next(&after.named(&format!("m{number}")), &format!("alter table t{number} {{ add d: text?; }}"));
            let is_whole;
            (text, is_whole) = write(Some(&chain), &before, &left);
            if is_whole {
                kept.clone_from(&text);
                wholes += 1;
            }
            total += text.len();
            after = left;
        }
        assert!(total < 100 * whole / 4, "{total} bytes, with {wholes} whole states of {whole}");
        assert!((1..20).contains(&wholes), "{wholes}");
    }

    #[test]
    fn a_change_without_its_whole_state_is_asked_for() {
        let (before, first) = next(&root(), "create table a { id: bigint }");
        let (whole, _) = write(None, &before, &first);
        let (_, chain) = state(Literal::read(&whole).expect("it is one"), None).expect("it is whole");
        let (before, second) = next(&first.named("m1"), "create table b { id: bigint }");
        let (change, _) = write(Some(&chain), &before, &second);
        assert!(read(&change, None).is_none());
        assert!(read(&change, Some(&whole)).is_some());
        cache::forget();
        assert!(!Literal::read(&change).expect("it is one").is_enough_here());
        assert!(Literal::read(&whole).expect("it is one").is_whole());
    }

    #[test]
    fn what_is_no_literal_of_this_version_is_none() {
        for text in ["", "=", "+", "+1;key", "+1;2;key", "+x;1;key;1:a", "+1;x;key;1:a", "=1garbage", "other"] {
            assert!(read(text, None).is_none(), "{text:?}");
        }
    }
}
