//! What `FROM:TO` means in a listing.

use super::example::history;
use super::{Graph, range, select};
use crate::Text;

const HISTORY: &str = "
    m1
    m2 < m1
    m3 < m2
    b1 < m1 @ billing
    b2 < b1 + m2
";

fn found(current: Option<&[Text]>, text: &str) -> String {
    let graph = Graph::of(&history(HISTORY)).unwrap();
    match range(&graph, current, text) {
        Ok(found) => found.into_iter().collect::<Vec<_>>().join(" "),
        Err(error) => format!("! {}", error.to_string().lines().next().unwrap_or_default()),
    }
}

#[test]
fn a_range_is_what_comes_after_one_up_to_another() {
    let rows = [
        ("m1:m3", "m2 m3"),
        (":m2", "m1 m2"),
        ("base:m2", "m1 m2"),
        ("m1:", "b1 b2 m2 m3"),
        (":", "b1 b2 m1 m2 m3"),
        ("m1:heads", "b1 b2 m2 m3"),
        ("m1:billing@head", "b1 b2 m2"),
        ("billing@base:billing@head", "b1 b2"),
        ("billing", "b1"),
        ("m2", "m2"),
        ("heads", "b2 m3"),
        ("m3-1", "m2"),
        ("-2:m3", "m2 m3"),
        ("-9:m3", "m1 m2 m3"),
        ("m1:+1", "m2"),
        (":+2", "m1 m2"),
        ("m1:base", "! `m1` does not come before `base`"),
        ("m3:m2", "! `m3` does not come before `m2`"),
        ("m3:b1", "! `m3` does not come before `b1`"),
        ("m1:head", "! there are 2 heads: `m3` and `b2`"),
        ("m1:m9", "! unknown revision `m9`"),
        ("+1", "! `+1` is not one migration"),
        ("-x:m3", "! `-x` is not a target"),
        ("m1:current", "! `current` depends on what is applied, and no database is asked"),
    ];
    for (text, expected) in rows {
        assert_eq!(found(None, text), expected, "{text}");
    }
}

#[test]
fn a_range_may_end_at_what_is_applied() {
    let current = ["b1".into(), "m2".into()];
    assert_eq!(found(Some(&current), ":current"), "b1 m1 m2");
    assert_eq!(found(Some(&current), "current:"), "b2 m3");
    assert_eq!(found(Some(&current), "current"), "b1 m2");
    assert_eq!(found(Some(&[]), "current:m1"), "m1");
}

#[test]
fn one_revision_is_found_by_what_names_it() {
    let graph = Graph::of(&history(HISTORY)).unwrap();
    let one = |text: &str| super::find(&graph, text).map(|found| found.to_string()).map_err(|error| error.to_string());
    assert_eq!(
        ["m1", "billing", "billing@head", "m3-1", "base+1"].map(one),
        ["m1", "b1", "b2", "m2", "m1"].map(|id| Ok(id.to_owned()))
    );
    for text in ["base", "current", "+1", "-1", "billing@-1"] {
        assert!(one(text).unwrap_err().starts_with(&format!("`{text}` is not one migration")), "{text}");
    }
    assert_eq!(select(&graph, None, "base").unwrap(), Vec::<Text>::new());
}
