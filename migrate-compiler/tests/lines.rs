//! The first line of an error is short, whatever the names, expressions and lists are that it quotes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;
#[allow(dead_code, reason = "another test reads the rest of it")]
mod ui;

use std::collections::BTreeSet;

use given::{after, step};
use migrate_compiler::types::Type;
use migrate_history::Database;
use ui::errors_of;

/// The most characters of a first line.
const LONGEST: usize = 90;

/// What is before `:` and is no name.
const SETTINGS: &[&str] = &["databases", "name", "require", "rules", "lock", "postgres", "sqlite", "else", "crate", "super"];

fn is_part(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The words of a text and what is between them.
fn words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|letter| is_part(letter) != is_part(first)).unwrap_or(rest.len());
        words.push(&rest[..end]);
        rest = &rest[end..];
    }
    words
}

/// The names of tables, columns, indexes and enums that a text gives.
fn names<'t>(words: &[&'t str]) -> BTreeSet<&'t str> {
    let is_named = |at: &usize| {
        let (word, next) = (words[*at], words.get(at + 1).copied().unwrap_or_default());
        let before = at.checked_sub(2).map_or("", |at| words[at]);
        let is_column = next.starts_with(": ") && !word.starts_with('m');
        is_part(word.chars().next().unwrap()) && (is_column || ["table", "enum", "references"].contains(&before))
    };
    let is_own = |word: &&str| !SETTINGS.contains(word) && Type::words().all(|known| known != *word);
    (0..words.len()).filter(is_named).map(|at| words[at]).filter(is_own).collect()
}

/// The text of a migration whose names are so long.
fn lengthened(text: &str, known: &BTreeSet<String>, length: usize) -> String {
    let long = |word: &str| format!("{word}_{}", "x".repeat(length.saturating_sub(word.len() + 1)));
    let words = words(text);
    let longer = |at: usize| {
        let (word, next) = (words[at], words.get(at + 1).copied().unwrap_or_default());
        let is_file = next == "." && words.get(at + 2).is_some_and(|ending| ["rs", "csv"].contains(ending));
        if known.contains(word) && !is_file && word.len() + 1 < length { long(word) } else { word.to_owned() }
    };
    (0..words.len()).map(longer).collect()
}

#[test]
fn a_first_line_is_short_with_long_names() {
    let mut known = BTreeSet::new();
    for case in ui::cases() {
        known.extend(names(&words(&case.text)).into_iter().map(str::to_owned));
    }
    known.extend(["users", "posts", "email", "nickname", "visits", "title", "user_id"].map(str::to_owned));
    for length in [20, 40] {
        let cases = ui::cases_as(&|text| lengthened(text, &known, length));
        let of_case = |case: &ui::Case| errors_of(case, &case.text, |_| true).unwrap_or_default();
        let lines: Vec<String> = cases.iter().flat_map(of_case).map(|one| one.message).collect();
        assert!(lines.len() > 200, "{}", lines.len());
        let many = lines.iter().filter(|line| line.contains("xxxx")).count();
        assert!(many > 100, "{many} of {}", lines.len());
        let long: Vec<&String> = lines.iter().filter(|line| line.chars().count() > LONGEST || line.contains('\n')).collect();
        assert!(long.is_empty(), "{long:#?}");
    }
}

#[test]
fn a_first_line_has_no_list_of_any_length() {
    let base =
        "create table users { id: bigint primary key, name: text, kind: kind?, check (id > 0), check (id > 1), check (id < 9) }";
    let users: Vec<String> =
        (0..9).map(|number| format!("create table t{number} {{ user_id: bigint references users }}")).collect();
    let base = format!("create enum kind (\"a\", \"b\"); {base} {}", users.join(" "));
    let many = (0..30).map(|number| format!("c{number}")).collect::<Vec<_>>().join(", ");
    let columns = (0..30).map(|number| format!("c{number}: integer")).collect::<Vec<_>>().join(", ");
    let sets = (0..30).map(|number| format!("c{number} = 1")).collect::<Vec<_>>().join(", ");
    let values = vec!["1"; 30].join(", ");
    let wide = format!("create table wide {{ {columns}, primary key ({many}) }}");
    let cases = [
        ("drop table users;".to_owned(), "`users` is still used by 9 objects"),
        ("alter table users { drop id; }".to_owned(), "`id` is still used by 13 objects"),
        ("alter table users { drop constraint users_pkey; }".to_owned(), "`users_pkey` is still used by 9 objects"),
        (format!("{wide} alter table wide {{ add primary key (c0); }}"), "`wide` already has a primary key: `(c0, c1, c2"),
        (
            format!("{wide} create table t {{ a: integer references wide ({many}) }}"),
            "the foreign key has 1 column and references 30 columns",
        ),
        (
            format!("{wide} insert into wide ({many}) values ({values}), ({values});"),
            "an earlier row of the statement has the same `(c0, c1",
        ),
        (
            format!("create table t {{ {columns} }} alter table t {{ add foreign key ({many}) references t ({many}); }}"),
            "`t (c0, c1, c2",
        ),
    ];
    for (text, begins) in cases {
        let state = after(&[Database::Postgres], &base);
        let lines: Vec<String> = step(state, &text).2.iter().map(|one| one.lines().next().unwrap().to_owned()).collect();
        assert!(lines.iter().any(|line| line.starts_with(begins)), "{text}: {lines:#?}");
        assert!(lines.iter().all(|line| line.chars().count() <= LONGEST), "{text}: {lines:#?}");
    }
    let (_, state, _) =
        step(after(&[Database::Postgres], &base), &format!("create table plain {{ id: bigint primary key, {columns} }}"));
    let (_, _, errors) = step(state.named("m2"), &format!("update plain set {sets} where id = 1;"));
    let [error] = errors.as_slice() else { panic!("{errors:#?}") };
    assert!(error.starts_with("`undo` is required: the old values of 30 columns of `plain` are not kept\n"), "{error}");
    assert!(error.contains("note: the columns are `plain.c0`, `plain.c1`"), "{error}");
}
