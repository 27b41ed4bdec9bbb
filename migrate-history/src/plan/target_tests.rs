//! What every target means, in both directions, in histories of every form.

use super::Direction::{self, Downgrade, Upgrade};
use super::example::{applied, history, plan};
use crate::History;

/// A trunk, a branch of it with a label, a branch with its own root, and one that depends on the trunk.
const FOREST: &str = "
    m1
    m2 < m1
    m3 < m2
    b1 < m1 @ billing
    b2 < b1
    a1 @ audit
    a2 < a1 + m2
    a3 < a2
";

/// Two branches of one root, and their merge.
const DIAMOND: &str = "
    m1
    left < m1 @ left_side
    right < m1 @ right_side
    merged < left, right
    m5 < merged
";

/// What runs from a state, as ids with spaces between them, or the first line of the error.
fn run(history: &History, state: &str, direction: Direction, target: &str) -> String {
    let state: Vec<&str> = state.split_whitespace().collect();
    let rows = applied(history, |id| state.contains(&id) || state == ["all"]);
    match plan(history, &rows, direction, target) {
        Ok(revisions) => revisions.join(" "),
        Err(error) => format!("! {}", error.to_string().lines().next().unwrap_or_default()),
    }
}

/// Each row: what is applied, the target, and what runs.
fn assert_all(text: &str, direction: Direction, rows: &[(&str, &str, &str)]) {
    let history = history(text);
    let found = rows.iter().map(|&(state, target, runs)| (state, target, runs, run(&history, state, direction, target)));
    let wrong: Vec<_> = found.filter(|(_, _, expected, found)| expected != found).collect();
    assert!(wrong.is_empty(), "what is applied, the target, what is expected, what is found: {wrong:#?}");
}

#[test]
fn upgrades_of_several_branches() {
    let rows = [
        ("", "heads", "m1 m2 m3 b1 b2 a1 a2 a3"),
        ("", "head", "! there are 3 heads: `m3`, `b2` and `a3`"),
        ("m1 m2", "heads", "m3 b1 b2 a1 a2 a3"),
        ("all", "heads", ""),
        ("m1 m2", "current", ""),
        ("", "m2", "m1 m2"),
        ("m1", "m3", "m2 m3"),
        ("m1 m2 m3", "m2", ""),
        // A label is its revision; a branch ends at its head.
        ("", "billing", "m1 b1"),
        ("", "billing@head", "m1 b1 b2"),
        ("", "billing@heads", "m1 b1 b2"),
        ("m1 m2 m3", "billing@head", "b1 b2"),
        ("", "billing@b2", "m1 b1 b2"),
        ("", "billing@m", "m1"),
        ("", "b2@head", "m1 b1 b2"),
        ("", "m2@head", "m1 m2 m3"),
        // What a migration depends on comes first, of whatever branch it is.
        ("", "audit", "a1"),
        ("", "a2", "m1 m2 a1 a2"),
        ("", "audit@head", "m1 m2 a1 a2 a3"),
        ("m1 m2 a1", "audit@head", "a2 a3"),
        ("", "audit@a", "! `audit@a` is ambiguous: it could be `a1`, `a2` or `a3`"),
        // Counted from a revision.
        ("", "m1+1", "! `m1+1` is ambiguous: it could be `m2` or `b1`"),
        ("", "billing@m1+1", "m1 b1"),
        ("", "m2+1", "m1 m2 m3"),
        ("", "m3-1", "m1 m2"),
        ("", "b2-2", "m1"),
        ("", "billing@head-1", "m1 b1"),
        ("", "audit@base+1", "a1"),
        ("", "base+1", "! `base+1` is ambiguous: it could be `m1` or `a1`"),
        ("", "m2+2", "! `m2+2` is out of range: `m3` is the last migration that way"),
        ("", "m1-1", "! `m1-1` is out of range: `m1` is the last migration that way"),
        ("", "base-1", "! `base-1` is out of range: `base` is the last migration that way"),
        ("", "head-1", "! there are 3 heads: `m3`, `b2` and `a3`"),
        // Counted from what is applied.
        ("", "+1", "! `+1` is ambiguous: it could be `m1` or `a1`"),
        ("m1 m2 m3 a1 a2 a3", "+1", "b1"),
        ("m1 m2 m3 a1 a2 a3", "current+2", "b1 b2"),
        ("m1 m2 m3 a1 a2 a3", "+3", "! `+3` is out of range: only 2 migrations are pending"),
        ("all", "+1", "! `+1` is out of range: no migration is pending"),
        ("m1", "+1", "! `+1` is ambiguous: it could be `m2`, `b1` or `a1`"),
        ("", "billing@+1", "m1"),
        ("", "billing@+2", "m1 b1"),
        ("m1 m2 m3", "billing@+1", "b1"),
        ("m1 m2 m3", "billing@+3", "! `billing@+3` is out of range: only 2 migrations of `billing` are pending"),
        ("", "audit@+1", "a1"),
        ("a1", "audit@+1", "m1 m2 a2"),
        ("m1 b1", "m2@+1", "m2"),
        // Names.
        ("", "m", "! `m` is ambiguous: it could be `m1`, `m2` or `m3`"),
        ("", "billing@m3", "! `billing@m3` does not exist: `m3` is not on the branch `billing`"),
        ("", "billing@a", "! `billing@a` does not exist: `a1` is not on the branch `billing`"),
        ("", "billin@head", "! unknown branch `billin`"),
        ("", "a@head", "! `a` is ambiguous: it could be `a1`, `a2` or `a3`"),
        ("", "m9", "! unknown revision `m9`"),
        ("", "billing@b9", "! unknown revision `billing@b9`"),
        // The other direction.
        ("", "base", "! the target `base` is not supported by `upgrade`"),
        ("", "-1", "! the target `-1` is not supported by `upgrade`"),
        ("", "billing@base", "! the target `billing@base` is not supported by `upgrade`"),
        ("", "billing@-1", "! the target `billing@-1` is not supported by `upgrade`"),
    ];
    assert_all(FOREST, Upgrade, &rows);
}

#[test]
fn downgrades_of_several_branches() {
    let rows = [
        ("all", "base", "a3 a2 a1 b2 b1 m3 m2 m1"),
        ("", "base", ""),
        ("all", "current", ""),
        // What comes after the target is undone, with what depends on that; other branches stay.
        ("all", "m2", "m3"),
        ("all", "m1", "a3 a2 b2 b1 m3 m2"),
        ("all", "b1", "b2"),
        ("all", "billing", "b2"),
        ("all", "billing@m1", "b2 b1"),
        ("all", "m2@m1", "a3 a2 m3 m2"),
        // The dependency stays where its dependent is undone, and the dependent is undone first where the dependency is.
        ("all", "a1", "a3 a2"),
        ("all", "audit@base", "a3 a2 a1"),
        ("all", "billing@base", "b2 b1"),
        ("m1 m2 m3 b1", "billing@base", "b1"),
        ("m1 m2", "billing@base", ""),
        // Counted from a revision.
        ("all", "m3-1", "m3"),
        ("all", "m3-2", "a3 a2 b2 b1 m3 m2"),
        ("all", "billing@b2-2", "b2 b1"),
        ("all", "m2+1", ""),
        ("all", "billing@head-1", "b2"),
        // Counted from what is applied.
        ("all", "-1", "! `-1` is ambiguous: it could be `m3`, `b2` or `a3`"),
        ("m1 m2", "-1", "m2"),
        ("m1 m2", "current-2", "m2 m1"),
        ("m1 m2", "-3", "! `-3` is out of range: only 2 migrations are applied"),
        ("", "-1", "! `-1` is out of range: no migration is applied"),
        ("m1 m2 m3 a1 a2", "-1", "! `-1` is ambiguous: it could be `m3` or `a2`"),
        ("m1 m2 a1 a2", "-1", "a2"),
        ("all", "billing@-1", "b2"),
        ("all", "billing@-2", "b2 b1"),
        ("all", "billing@-3", "! `billing@-3` is out of range: only 2 migrations of `billing` are applied"),
        ("m1", "billing@-1", "! `billing@-1` is out of range: no migration of `billing` is applied"),
        ("all", "audit@-1", "a3"),
        ("all", "m3@-1", "m3"),
        ("all", "m3@-2", "a3 a2 m3 m2"),
        // Names.
        ("m1 m2", "m3", "! `m3` is not applied, so it is not a target of a downgrade"),
        ("all", "m9", "! unknown revision `m9`"),
        ("all", "billing@m2", "! `billing@m2` does not exist: `m2` is not on the branch `billing`"),
        // The other direction.
        ("all", "head", "! the target `head` is not supported by `downgrade`"),
        ("all", "heads", "! the target `heads` is not supported by `downgrade`"),
        ("all", "+1", "! the target `+1` is not supported by `downgrade`"),
        ("all", "billing@head", "! the target `billing@head` is not supported by `downgrade`"),
    ];
    assert_all(FOREST, Downgrade, &rows);
}

#[test]
fn upgrades_of_branches_that_are_merged() {
    let rows = [
        ("", "head", "m1 left right merged m5"),
        ("", "heads", "m1 left right merged m5"),
        ("", "left_side", "m1 left"),
        ("", "left_side@head", "m1 left right merged m5"),
        ("", "left_side@right", "! `left_side@right` does not exist: `right` is not on the branch `left_side`"),
        // What is merged is all applied in the end, so it counts in the order of the history.
        ("", "+2", "m1 left"),
        ("m1 left", "+1", "right"),
        ("m1 left", "left_side@+1", "right merged"),
        ("", "head-1", "m1 left right merged"),
        ("", "head-2", "! `head-2` is ambiguous: it could be `left` or `right`"),
        ("", "left_side@head-2", "m1 left"),
        ("m1 right merged", "head", "! the ledger has a gap: `merged` is applied, and `left` before it is not"),
    ];
    assert_all(DIAMOND, Upgrade, &rows);
}

#[test]
fn downgrades_of_branches_that_are_merged() {
    let rows = [
        ("all", "base", "m5 merged right left m1"),
        ("all", "-1", "m5"),
        ("all", "-3", "m5 merged right"),
        ("m1 left right", "-1", "right"),
        // A merge is undone, and both of its sides stay.
        ("all", "left", "m5 merged"),
        ("all", "right", "m5 merged"),
        ("all", "m1", "m5 merged right left"),
        ("all", "left_side@base", "m5 merged left"),
        ("all", "left_side@-1", "m5"),
        ("all", "right_side@m1", "m5 merged right"),
    ];
    assert_all(DIAMOND, Downgrade, &rows);
}

/// What depends on a head leaves it a head, and one head that everything else comes before is the head of all.
#[test]
fn a_dependency_stays_a_head() {
    let text = "
        core
        shop + core
    ";
    let graph = super::Graph::of(&history(text)).unwrap();
    assert_eq!((graph.heads(), graph.effective_heads()), (vec!["core".into(), "shop".into()], vec!["shop".into()]));
    assert_all(text, Upgrade, &[("", "head", "core shop"), ("", "core", "core"), ("", "shop", "core shop"), ("", "+1", "core")]);
    assert_all(
        text,
        Downgrade,
        &[("all", "core", ""), ("all", "-1", "shop"), ("core", "-1", "core"), ("all", "core@base", "shop core")],
    );
    let applied_late = [("shop", "head", "! the ledger has a gap: `shop` is applied, and `core` before it is not")];
    assert_all(text, Upgrade, &applied_late);
}

#[test]
fn a_label_spreads_to_what_comes_after_it_and_back_to_where_the_history_branches() {
    let text = "
        m1
        b1 < m1
        b2 < b1 @ billing
        b3 < b2
        m2 < m1
        m3 < m2, b3
        m4 < m3 @ late
    ";
    let labels = super::Graph::of(&history(text)).unwrap().branch_labels();
    let of = |id: &str| labels.get(id).map(|labels| labels.join(" ")).unwrap_or_default();
    assert_eq!(["m1", "b1", "b2", "b3", "m2"].map(of), ["", "billing", "billing", "billing", ""]);
    // It goes back to a merge, which it names too, and not beyond.
    assert_eq!(["m3", "m4"].map(of), ["billing late", "billing late"]);
}

#[test]
fn what_is_wrong_with_a_history_is_said() {
    let graph = |text: &str| super::Graph::of(&history(text)).unwrap_err().to_string().replace('\n', " ");
    assert_eq!(graph("a @ x\nb < a @ x"), "duplicate label `x`: `a` and `b` have it help: give one of them another label");
    assert_eq!(graph("a + b"), "`a` depends on `b`, which the history does not list help: add it to `history!`");
    assert!(graph("a + b\nb < a").starts_with("cycle: `a` and `b` come after each other"));
    assert!(graph("a < a").starts_with("cycle: `a` comes after itself"));
}

#[test]
fn what_is_no_target_is_said() {
    for text in ["", " ", "@", "@head", "x@", "a@b@c", "head@m1", "billing@current", "x@+", "x@+0", "+x", "m1+", "+1@head"] {
        let error = super::Target::parse(text).unwrap_err().to_string();
        assert!(error.contains("is not a target\nhelp: write `head`"), "{text:?}: {error}");
    }
    for text in
        ["head", "heads", "base", "current", "m1", "+1", "-2", "m1+1", "m1-2", "x@head", "x@heads", "x@base", "x@+1", "x@m1-1"]
    {
        assert_eq!(super::Target::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(super::Target::parse("current-3").unwrap().to_string(), "-3");
}

#[test]
fn an_ambiguous_target_is_told_with_what_to_write() {
    let history = history(FOREST);
    let told = |state: &[&str], direction, target| {
        let rows = applied(&history, |id| state.contains(&id) || state.is_empty());
        plan(&history, &rows, direction, target).unwrap_err().to_string()
    };
    let help = |text: String| text.split("help: ").nth(1).unwrap_or_default().to_owned();
    assert_eq!(
        help(told(&[], Upgrade, "head")),
        "write `heads` for all of them, or `m3`, `billing@head` or `audit@head` for one"
    );
    assert_eq!(help(told(&[], Downgrade, "-1")), "name one of them, or write `billing@-1` or `audit@-1`");
    assert_eq!(help(told(&["m1"], Upgrade, "billing@m2")), "write `m2`");
    assert_eq!(help(told(&["m1"], Upgrade, "billin@head")), "did you mean `billing`?");
}
