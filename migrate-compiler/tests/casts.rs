//! What the help says of operands that do not go together.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::expr::Binary;
use migrate_compiler::state::State;
use migrate_history::Database;

const BASE: &str = "create table t {
    flag: boolean?, small: smallint?, n: integer?, big: bigint?, x: double?, price: decimal(10, 2)?, name: text?, code: char(5)?,
    raw: bytes?, id: uuid?, day: date?, at: time?, ts: timestamp?, tz: timestamptz?, doc: json?, span: interval?, words: text[]?,
}";

const OPERANDS: &[&str] =
    &["flag", "n", "price", "name", "code", "raw", "id", "day", "at", "tz", "doc", "span", "words", "1", "true", "(n + 1)"];

fn errors(state: &State, condition: &str) -> Vec<String> {
    step(state.clone(), &format!("alter table t {{ add check (({condition}) is null); }}")).2
}

/// The code of a help that says what to write.
fn code(error: &str) -> Vec<&str> {
    let Some((_, help)) = error.split_once("\nhelp: write `") else { return Vec::new() };
    let help = help.split('\n').next().unwrap();
    format!("`{help}").leak().split('`').skip(1).step_by(2).collect()
}

/// The condition with what the help says in the place of its operand.
fn pasted(condition: &str, code: &[&str], operands: &[&str]) -> String {
    let mut text = condition.to_owned();
    for code in code {
        let own = |operand: &&&str| code.trim_start_matches('(').starts_with(operand.trim_matches(['(', ')']));
        // The longest, for `n` begins `name`.
        let operand =
            operands.iter().filter(own).max_by_key(|operand| operand.len()).unwrap_or_else(|| panic!("{condition}: {code}"));
        text = text.replace(&format!("«{operand}»"), code);
    }
    text.replace(['«', '»'], "")
}

#[test]
fn the_cast_that_the_help_shows_compiles_in_the_place_of_its_operand() {
    let state = after(&[Database::Postgres], BASE);
    let (mut wrong, mut helped) = (0, 0);
    let mut shapes: Vec<String> = Binary::ALL.iter().map(|operator| format!("«L» {} «R»", operator.spelling())).collect();
    shapes.extend(
        [
            "«L» in («R»)",
            "«L» between «R» and null",
            "case «L» when «R» then 1 end",
            "case when flag then «L» else «R» end",
            "not «L»",
        ]
        .map(str::to_owned),
    );
    for shape in &shapes {
        for left in OPERANDS {
            for right in OPERANDS {
                let condition = shape.replace('L', left).replace('R', right);
                let plain = condition.replace(['«', '»'], "");
                for error in errors(&state, &plain) {
                    let code = code(&error);
                    wrong += 1;
                    // A value where there is no cast.
                    if code.is_empty() || code[0].contains("is not null") {
                        continue;
                    }
                    helped += 1;
                    // A cast is written at its operand, another operator in the place of all.
                    let is_whole = code.len() == 1 && code[0].contains(" || ");
                    let pasted = if is_whole { code[0].to_owned() } else { pasted(&condition, &code, &[left, right]) };
                    let again = errors(&state, &pasted);
                    let same = again.iter().any(|again| again.lines().next() == error.lines().next());
                    assert!(!same && pasted != plain, "{plain}\n{error}\n{pasted}\n{again:?}");
                }
            }
        }
    }
    assert!(wrong > 2000 && helped * 2 > wrong, "{helped} of {wrong}");
}

#[test]
fn the_default_and_the_index_that_the_help_shows_compile() {
    let databases = [Database::Postgres];
    let defaults = "create table d { n: integer default 7, f: boolean? default true, t: text default \"5\", tz: timestamptz?, ts: timestamp? }";
    for (wrong, after_it) in [
        ("alter n type text;", ""),
        ("alter n type varchar(9);", ""),
        ("alter f type text;", ""),
        ("alter f type integer using f::integer;", ""),
        ("alter t type integer using t::integer;", ""),
        ("alter t type boolean using t::boolean;", ""),
    ] {
        let state = after(&databases, defaults);
        let errors = step(state.clone(), &format!("alter table d {{ {wrong} {after_it} }}")).2;
        let error = errors.iter().find(|error| error.contains("drop default"));
        let Some(error) = error else {
            assert!(errors.iter().all(|error| error.starts_with("`undo` is required")), "{errors:?}");
            continue;
        };
        let again = step(state, &format!("alter table d {{ {} }}", code(error)[0])).2;
        assert!(again.iter().all(|error| error.starts_with("`undo` is required")), "{error}\n{again:?}");
    }
    for wrong in ["tz::date", "tz::time", "tz::timestamp"] {
        let state = after(&databases, defaults);
        let errors = step(state.clone(), &format!("create index on d (({wrong}));")).2;
        let again = step(state, &format!("create index on d (({}));", code(&errors[0])[0])).2;
        assert!(again.is_empty(), "{errors:?}\n{again:?}");
    }
    for (wrong, place) in
        [("tz < ts", "tz"), ("ts between tz and ts", "tz"), ("ts in (tz)", "tz"), ("tz + interval \"1 day\" < tz", "tz")]
    {
        let state = after(&databases, defaults);
        let errors = step(state.clone(), &format!("create index on d (n) where {wrong};")).2;
        let fixed = wrong.replacen(place, &format!("({})", code(&errors[0])[0]), 1);
        let again = step(state, &format!("create index on d (n) where {fixed};")).2;
        assert!(!again.contains(&errors[0]), "{errors:?}\n{fixed}: {again:?}");
    }
}
