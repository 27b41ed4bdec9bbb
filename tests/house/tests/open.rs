//! What a program can name and may grow is `#[non_exhaustive]`, or is on a list with the reason why not.
#![allow(clippy::unwrap_used, reason = "a test that finds something else stops")]
#![allow(clippy::wildcard_enum_match_arm, reason = "what syn has more of is no type")]

use std::collections::BTreeSet;

use migrate_house_tests::sources;
use syn::{Attribute, Item, Visibility};

/// Every name that a program can use.
const PUBLIC: &str = include_str!("../public.txt");

/// Types that are complete as they are: what they say has no other case and no other part.
const COMPLETE: &[&str] = &[
    "Basis",
    "Blocks",
    "Count",
    "Direction",
    "Grade",
    "Level",
    "LineColumn",
    "Next",
    "OldRows",
    "Position",
    "Progress",
    "Rebuild",
    "Rest",
    "Tally",
    "Version",
];

/// What a migration is compiled to and a ledger holds. The macros, the executor and the ledger make and read all of it, and the compiler has to
/// find each place where something new is not met yet; for a program it is something to read, and the documentation of its module says that it grows.
const DATA: &[&str] = &[
    "Action",
    "Applied",
    "AppliedRecord",
    "Begun",
    "Calls",
    "Compiled",
    "Course",
    "Cursor",
    "DataColumn",
    "DataFile",
    "DataValues",
    "Guard",
    "KeepScript",
    "Keeping",
    "KeptObject",
    "KeptPlace",
    "Lock",
    "Migration",
    "Mode",
    "Need",
    "Notice",
    "Probe",
    "ProgramFunction",
    "Script",
    "Statement",
    "Step",
    "Stored",
    "TakeBack",
    "Touched",
    "Touches",
    "Unwind",
    "Work",
];

/// A database more is a new major version: every history says which ones it supports, and so does every match over them.
const VERSIONED: &[&str] = &["Database"];

fn is_open(attributes: &[Attribute], visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_)) && !attributes.iter().any(|attribute| attribute.path().is_ident("non_exhaustive"))
}

/// The public enums, and the structs with public fields, of the crates that the face hands on, that are not `#[non_exhaustive]`.
fn open() -> BTreeSet<String> {
    // `Error::DataFile` is a variant, and `compiled::Step` a type.
    let is_type = |line: &&str| !line.rsplit("::").skip(1).any(|above| above.starts_with(char::is_uppercase));
    let named: BTreeSet<&str> = PUBLIC.lines().filter(is_type).filter_map(|line| line.rsplit("::").next()).collect();
    let handed_on =
        sources().into_iter().filter(|(path, _)| ["migrate-history/", "migrate-runtime/"].iter().any(|of| path.starts_with(of)));
    let items = handed_on.flat_map(|(_, file)| file.items);
    let open = items.filter_map(|item| match item {
        Item::Enum(one) if is_open(&one.attrs, &one.vis) => Some(one.ident.to_string()),
        Item::Struct(one) if is_open(&one.attrs, &one.vis) => {
            let has_fields = one.fields.iter().any(|field| field.ident.is_some() && matches!(field.vis, Visibility::Public(_)));
            has_fields.then(|| one.ident.to_string())
        }
        _ => None,
    });
    open.filter(|name| named.contains(&**name)).collect()
}

#[test]
fn what_may_grow_is_non_exhaustive() {
    let found = open();
    let listed: BTreeSet<String> = [COMPLETE, DATA, VERSIONED].into_iter().flatten().map(|name| (*name).to_owned()).collect();
    let (new, gone): (Vec<_>, Vec<_>) = (found.difference(&listed).collect(), listed.difference(&found).collect());
    assert!(new.is_empty(), "neither `#[non_exhaustive]` nor listed: {new:?}");
    assert!(gone.is_empty(), "listed and not open: {gone:?}");
}
