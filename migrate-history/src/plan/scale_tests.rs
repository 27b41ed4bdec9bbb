//! A plan looks at each revision of a history a few times, and at none as often as there are others.

use std::fmt::Write;

use super::Direction::{self, Downgrade, Upgrade};
use super::effort::counted;
use super::example::{applied, history, plan};
use crate::History;

/// So many revisions: a trunk; every tenth begins a branch of three that the next one merges; and a branch that depends on the trunk.
fn large(count: usize) -> History {
    let mut text = String::from("m0\ns0 @ side\n");
    let (mut last, mut at) = (0, 1);
    while at + 8 < count {
        for _ in 0..5 {
            let _ = writeln!(text, "m{at} < m{last}");
            (last, at) = (at, at + 1);
        }
        let (left, right, merged) = (at, at + 1, at + 2);
        let _ = writeln!(text, "m{left} < m{last}\nm{right} < m{last}\nm{merged} < m{left}, m{right}");
        (last, at) = (merged, merged + 1);
    }
    let _ = writeln!(text, "s1 < s0 + m{last}");
    history(&text)
}

fn effort(history: &History, share: usize, direction: Direction, target: &str) -> usize {
    let first = history.migrations.len() * share / 10;
    let there: std::collections::HashSet<&str> = history.migrations[..first].iter().map(|one| &*one.id).collect();
    let rows = applied(history, |id| there.contains(id));
    counted(|| {
        plan(history, &rows, direction, target).unwrap();
    })
}

#[test]
fn ten_thousand_revisions_are_planned_in_linear_work() {
    let (small, large) = (large(1_000), large(10_000));
    assert!(large.migrations.len() > 9_900);
    let cases = [
        (0, Upgrade, "heads"),
        (0, Upgrade, "side@head"),
        (5, Upgrade, "heads"),
        (0, Upgrade, "side@+1"),
        (5, Upgrade, "m1@+100"),
        (10, Upgrade, "heads"),
        (0, Upgrade, "m4+1"),
        (10, Downgrade, "base"),
        (10, Downgrade, "side@base"),
        (10, Downgrade, "m2@-900"),
        (10, Downgrade, "m2"),
        (5, Downgrade, "-400"),
        (10, Downgrade, "s0@-1"),
    ];
    for (share, direction, target) in cases {
        let (few, many) = (effort(&small, share, direction, target), effort(&large, share, direction, target));
        assert!(many < 40 * large.migrations.len(), "{direction} {target}: {many} of {}", large.migrations.len());
        assert!(many < 12 * few, "{direction} {target}: {few} for a thousand, {many} for ten thousand");
    }
}
