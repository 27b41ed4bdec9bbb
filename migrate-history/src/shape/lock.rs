//! The lock of a history: the checksums of the migrations that are released.
//!
//! Each line is a revision id, a space and a checksum, in the order of the history; a line that begins with `#` is a comment.

use super::head::{Head, NOWHERE};
use super::message::Message;

/// Rule `released`: the place of the first migration that is not as the lock has it, and what is said of it; or beyond the end. One that is not
/// listed any more is said at the first place.
pub(super) const fn find(lock: &str, migrations: &[Head]) -> (usize, Message) {
    let mut line = 0;
    // Where the lock has the order of the history, the next line is about the next migration.
    let mut next = 0;
    while line < lock.len() {
        let end = until(lock, line, b'\n');
        let space = until(lock, line, b' ');
        let is_empty = part(lock, line, end).is_empty();
        if !is_empty && lock.as_bytes()[line] != b'#' {
            if space >= end {
                return if migrations.is_empty() { (NOWHERE, Message::new()) } else { (0, malformed(part(lock, line, end))) };
            }
            let (revision, checksum) = (part(lock, line, space), part(lock, space + 1, end));
            let place = position(revision, migrations, next);
            if place == NOWHERE {
                return if migrations.is_empty() { (NOWHERE, Message::new()) } else { (0, unlisted(revision)) };
            }
            if !migrations[place].checksum.is_empty() && !is_same(migrations[place].checksum, checksum) {
                return (place, changed(revision));
            }
            next = place + 1;
        }
        line = end + 1;
    }
    (NOWHERE, Message::new())
}

const fn changed(revision: &str) -> Message {
    let message = Message::new().add("`").add(revision).add("` is released, so it must stay as it is");
    message.add("\nhelp: restore it, and write the change as a new migration; `cargo migrate lock` records what is released")
}

const fn malformed(line: &str) -> Message {
    Message::new().add("a line of the lock is not a revision id, a space and a checksum: `").add(line).add("`")
}

const fn unlisted(revision: &str) -> Message {
    let message = Message::new().add("`").add(revision).add("` is released, and is not listed in `history!`");
    message.add("\nhelp: list it, or remove its line from the lock")
}

/// The place of the mark, or the end of the text.
const fn until(text: &str, from: usize, mark: u8) -> usize {
    let mut place = from;
    while place < text.len() && text.as_bytes()[place] != mark {
        place += 1;
    }
    place
}

/// A part of a line, without the carriage return at its end.
const fn part(text: &str, from: usize, to: usize) -> &str {
    let to = if to > from && text.as_bytes()[to - 1] == b'\r' { to - 1 } else { to };
    text.split_at(to).0.split_at(from).1
}

/// The place of a revision, looked for from a place on and then from the beginning.
const fn position(revision: &str, migrations: &[Head], from: usize) -> usize {
    let mut step = 0;
    while step < migrations.len() {
        let place = (from + step) % migrations.len();
        if is_same(migrations[place].id, revision) {
            return place;
        }
        step += 1;
    }
    NOWHERE
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    // The end tells ids apart that begin with the same date.
    let mut place = one.len();
    while place > 0 {
        place -= 1;
        if one[place] != other[place] {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADS: &[Head] = &[
        Head { id: "m1", explicit: false, parents: &[], dependencies: &[], label: "", checksum: "v2:a" },
        Head { id: "m2", explicit: false, parents: &["m1"], dependencies: &[], label: "", checksum: "v2:b" },
        Head { id: "m3", explicit: false, parents: &["m2"], dependencies: &[], label: "", checksum: "" },
    ];

    fn found(lock: &str) -> (usize, String) {
        let (place, message) = find(lock, HEADS);
        (place, message.text().to_owned())
    }

    #[test]
    fn what_is_as_it_was_is_sound() {
        for lock in ["", "\n", "# all\nm1 v2:a\nm2 v2:b\n", "m2 v2:b\r\nm1 v2:a\r\n", "m1 v2:a", "m3 v2:x\n"] {
            assert_eq!(found(lock).0, NOWHERE, "{lock}");
        }
    }

    #[test]
    fn what_was_changed_or_taken_away_is_said() {
        assert_eq!((found("m1 v2:a\nm2 v2:x\n").0, found("m1 v2:a\nm0 v2:x\n").0), (1, 0));
        assert!(found("m2 v2:x").1.starts_with("`m2` is released, so it must stay as it is\nhelp: "));
        assert!(found("<<<<<<<\nm1 v2:a").1.starts_with("a line of the lock is not"));
        assert!(found("m0 v2:x").1.starts_with("`m0` is released, and is not listed"));
    }
}
