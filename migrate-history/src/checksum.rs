//! What tells a migration from the one that was applied under its id.
//!
//! `v2:U:D` has two digests: U of the parents, the operations of the upgrade and the dependencies, D of what is written about the downgrade.
//! `v1:U`, which older ledgers have, is of the operations alone. Both are SHA-256 in hexadecimal.

use crate::DataFile;
use crate::codec::Codec;

/// The length of `v1:U`, and of `v2:U` within `v2:U:D`.
pub(super) const UPGRADE_LENGTH: usize = 67;

/// The checksum of a migration: its parents in any order, the operations of its upgrade, and what is written about its downgrade,
/// in canonical form.
pub fn checksum<P, O, D>(parents: &[P], operations: &[O], downgrade: &[D]) -> String
where
    P: AsRef<str>,
    O: AsRef<str>,
    D: AsRef<str>,
{
    format!("{}:{}", upgrade_part((parents, &NONE), operations), digest_of(&[texts(downgrade)]))
}

/// No dependencies.
const NONE: [&str; 0] = [];

/// The same checksum for other parents and dependencies; of one that has no parents in it, the same.
pub(super) fn with_parents<P, D, O>(checksum: &str, before: (&[P], &[D]), operations: &[O]) -> String
where
    P: AsRef<str>,
    D: AsRef<str>,
    O: AsRef<str>,
{
    match parts(checksum) {
        Some((_, downgrade)) => format!("{}:{downgrade}", upgrade_part(before, operations)),
        None => checksum.to_owned(),
    }
}

/// The same checksum with the files whose rows the upgrade inserts.
pub(super) fn with_files(checksum: &str, files: &[DataFile]) -> String {
    match parts(checksum) {
        Some((upgrade, downgrade)) => {
            let files: Vec<String> = files.iter().map(DataFile::canonical).collect();
            format!("v2:{}:{downgrade}", digest_of(&[vec![upgrade.to_owned()], files]))
        }
        None => checksum.to_owned(),
    }
}

/// The digest of a migration without dependencies is that of the versions that knew none.
fn upgrade_part<P, D, O>((parents, dependencies): (&[P], &[D]), operations: &[O]) -> String
where
    P: AsRef<str>,
    D: AsRef<str>,
    O: AsRef<str>,
{
    let mut lists = vec![sorted(parents), texts(operations)];
    if !dependencies.is_empty() {
        lists.push(sorted(dependencies));
    }
    format!("v2:{}", digest_of(&lists))
}

fn sorted<T: AsRef<str>>(list: &[T]) -> Vec<String> {
    let mut sorted = texts(list);
    sorted.sort();
    sorted.dedup();
    sorted
}

/// The checksum of older ledgers, of the operations in the form in which they were printed then (`canonical::Form::First` of the compiler).
pub fn older<O: AsRef<str>>(operations: &[O]) -> String {
    format!("v1:{}", hexadecimal(texts(operations).join("\n").as_bytes()))
}

/// The digest of a definition.
pub fn digest(definition: &str) -> String {
    hexadecimal(definition.as_bytes())
}

/// Length-prefixed, so that no list can pass for another.
fn digest_of(lists: &[Vec<String>]) -> String {
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
pub(super) fn parts(checksum: &str) -> Option<(&str, &str)> {
    let (upgrade, downgrade) = checksum.split_at_checked(UPGRADE_LENGTH)?;
    Some((upgrade.strip_prefix("v2:").map(|_| upgrade)?, downgrade.strip_prefix(':')?))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn a_file_counts_whatever_its_line_ends_are() {
        let file = |text| DataFile { name: "a.csv", text, columns: &[] };
        let alone = checksum(&["p"], &["x"], &["d"]);
        let with = |text| with_files(&alone, &[file(text)]);
        assert_ne!(with("a\n1\n"), alone);
        assert_ne!(with("a\n1\n"), with("a\n2\n"));
        assert_eq!(with("a\r\n1\r\n"), with("a\n1\n"));
        assert_eq!(parts(&with("a\n")).map(|(_, downgrade)| downgrade), parts(&alone).map(|(_, downgrade)| downgrade));
    }

    #[test]
    fn other_parents_leave_the_downgrade_as_it_is() {
        let alone = checksum(&NONE, &["x"], &["d"]);
        assert_eq!(with_parents(&alone, (&["p"], &NONE), &["x"]), checksum(&["p"], &["x"], &["d"]));
        assert_eq!(with_parents("v1:by hand", (&["p"], &NONE), &["x"]), "v1:by hand");
    }

    #[test]
    fn dependencies_count_in_any_order_and_are_not_parents() {
        let with = |parents: &[&str], dependencies: &[&str]| {
            with_parents(&checksum(&NONE, &["x"], &["d"]), (parents, dependencies), &["x"])
        };
        assert_eq!(with(&["p"], &["a", "b"]), with(&["p"], &["b", "a"]));
        assert_ne!(with(&["p"], &["a"]), with(&["p"], &[]));
        assert_ne!(with(&["p"], &["a"]), with(&["p"], &["b"]));
        assert_ne!(with(&["p"], &["a"]), with(&["p", "a"], &[]));
        assert_ne!(with(&["p"], &["a"]), with(&["a"], &["p"]));
    }
}
