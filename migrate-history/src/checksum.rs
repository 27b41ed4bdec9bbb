//! What tells a migration from the one that was applied under its id.
//!
//! `v2:U:D` has two digests: U of the parents and the operations of the upgrade, D of what is written about the downgrade.
//! `v1:U`, which older ledgers have, is of the operations alone. Both are SHA-256 in hexadecimal.

use super::Migration;
use crate::codec::Codec;

/// The length of `v1:U`, and of `v2:U` within `v2:U:D`.
const UPGRADE_LENGTH: usize = 67;

/// How the migration in the code agrees with the one that was applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Nothing differs that the recorded checksum knows of.
    Same,
    /// What is written about its downgrade differs; it comes after the same parents and does the same.
    DowngradeEdited,
    /// It does something else, or comes after other parents.
    UpgradeEdited,
}

/// The checksum of a migration: its parents in any order, the operations of its upgrade, and what is written about its downgrade,
/// in canonical form.
pub fn checksum<P, O, D>(parents: &[P], operations: &[O], downgrade: &[D]) -> String
where
    P: AsRef<str>,
    O: AsRef<str>,
    D: AsRef<str>,
{
    format!("{}:{}", upgrade_part(parents, operations), digest(&[texts(downgrade)]))
}

/// The same checksum for other parents; of one that has no parents in it, the same.
pub(super) fn with_parents<P: AsRef<str>, O: AsRef<str>>(checksum: &str, parents: &[P], operations: &[O]) -> String {
    match parts(checksum) {
        Some((_, downgrade)) => format!("{}:{downgrade}", upgrade_part(parents, operations)),
        None => checksum.to_owned(),
    }
}

fn upgrade_part<P: AsRef<str>, O: AsRef<str>>(parents: &[P], operations: &[O]) -> String {
    let mut parents = texts(parents);
    parents.sort();
    parents.dedup();
    format!("v2:{}", digest(&[parents, texts(operations)]))
}

/// The checksum of older ledgers, of the operations in the form in which they were printed then (`canonical::Form::First` of the compiler).
pub fn older<O: AsRef<str>>(operations: &[O]) -> String {
    format!("v1:{}", hexadecimal(texts(operations).join("\n").as_bytes()))
}

/// Length-prefixed, so that no list can pass for another.
fn digest(lists: &[Vec<String>]) -> String {
    let mut text = String::new();
    lists.iter().for_each(|list| list.write(&mut text));
    hexadecimal(text.as_bytes())
}

fn hexadecimal(bytes: &[u8]) -> String {
    hmac_sha256::Hash::hash(bytes).iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn texts<T: AsRef<str>>(list: &[T]) -> Vec<String> {
    list.iter().map(|text| text.as_ref().to_owned()).collect()
}

/// `v2:U` and `D`.
fn parts(checksum: &str) -> Option<(&str, &str)> {
    let (upgrade, downgrade) = checksum.split_at_checked(UPGRADE_LENGTH)?;
    Some((upgrade.strip_prefix("v2:").map(|_| upgrade)?, downgrade.strip_prefix(':')?))
}

impl Migration {
    /// How it agrees with the migration whose checksum was recorded when it was applied.
    pub fn agreement(&self, recorded: &str) -> Agreement {
        if self.checksum == recorded {
            return Agreement::Same;
        }
        match (parts(&self.checksum), parts(recorded)) {
            (Some((own, _)), Some((other, _))) if own == other => Agreement::DowngradeEdited,
            // An older ledger does not know the parents and the downgrade.
            (Some(_), None) if self.older_checksum() == recorded => Agreement::Same,
            (Some(_) | None, Some(_) | None) => Agreement::UpgradeEdited,
        }
    }

    fn older_checksum(&self) -> String {
        self.older.as_ref().map_or_else(|| older(&self.operations), ToString::to_string)
    }

    /// The checksums that a ledger may have for this migration where its upgrade was not edited: whole ones, and the beginning of
    /// one, which is so many characters long.
    pub fn accepted(&self) -> (Vec<String>, Option<(usize, &str)>) {
        let whole = vec![self.checksum.to_string(), self.older_checksum()];
        (whole, parts(&self.checksum).map(|(upgrade, _)| (UPGRADE_LENGTH, upgrade)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Basis, Compiled, Level};

    const NONE: [&str; 0] = [];

    fn migration(checksum: String, operations: &[&str]) -> Migration {
        let compiled = Compiled {
            message: "".into(),
            operations: operations.iter().map(|one| (*one).to_owned().into()).collect(),
            older: None,
            level: Level::Exact,
            basis: Basis::Proved,
            losses: Vec::new().into(),
            irreversible: None,
            notes: Vec::new().into(),
            scripts: Vec::new().into(),
        };
        Migration::new("m", Vec::new(), checksum, compiled)
    }

    #[test]
    fn the_checksums_of_ledgers_never_change() {
        let operations = ["create table t { id: bigint; };", "drop table u;"];
        assert_eq!(older(&operations), "v1:e1ace086308141e991f5c8a7e31aac6fd29a69f071108cb09de84079b7c209c0");
        assert_eq!(
            checksum(&["b", "a"], &operations, &["undo nothing"]),
            "v2:bd2863ab4679423fb51a27377e2fceecf485e5693213c335dd55aceca8265a39:f3e0588f63d65434fb363e51d96b4c928501305034815eed2045f07d0a4cb73c"
        );
    }

    #[test]
    fn parents_count_in_any_order() {
        assert_eq!(checksum(&["a", "b"], &NONE, &NONE), checksum(&["b", "a"], &NONE, &NONE));
        assert_ne!(checksum(&["a", "b"], &NONE, &NONE), checksum(&["a", "c"], &NONE, &NONE));
        assert_ne!(checksum(&["a"], &["b"], &NONE), checksum(&["a", "b"], &NONE, &NONE));
        assert_ne!(checksum(&["a", "b"], &NONE, &NONE), checksum(&["ab"], &NONE, &NONE));
    }

    #[test]
    fn an_edited_downgrade_and_an_edited_upgrade_are_told_apart() {
        let one = migration(checksum(&["a"], &["x"], &["d"]), &["x"]);
        assert_eq!(one.agreement(&one.checksum), Agreement::Same);
        assert_eq!(one.agreement(&checksum(&["a"], &["x"], &["e"])), Agreement::DowngradeEdited);
        assert_eq!(one.agreement(&checksum(&["b"], &["x"], &["d"])), Agreement::UpgradeEdited);
        assert_eq!(one.agreement(&checksum(&["a"], &["y"], &["d"])), Agreement::UpgradeEdited);
    }

    #[test]
    fn what_an_older_version_recorded_is_compared_with_the_operations() {
        let one = migration(checksum(&["a"], &["x", "y"], &["d"]), &["x", "y"]);
        assert_eq!(one.agreement(&older(&["x", "y"])), Agreement::Same);
        assert_eq!(one.agreement(&older(&["x"])), Agreement::UpgradeEdited);
        assert_eq!(one.agreement("v1:"), Agreement::UpgradeEdited);
        assert_eq!(one.agreement("v3:something"), Agreement::UpgradeEdited);
    }

    #[test]
    fn other_parents_leave_the_downgrade_as_it_is() {
        let alone = checksum(&NONE, &["x"], &["d"]);
        assert_eq!(with_parents(&alone, &["p"], &["x"]), checksum(&["p"], &["x"], &["d"]));
        assert_eq!(with_parents("v1:by hand", &["p"], &["x"]), "v1:by hand");
    }
}
