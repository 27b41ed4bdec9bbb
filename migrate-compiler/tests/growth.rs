//! Twice as many tables or statements are twice as much work.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_compiler::example::newest;
use migrate_compiler::state::{Settings, State};
use migrate_compiler::work::looks;
use migrate_history::Database;

/// A table that refers to itself and to one that all refer to, with an index and an enum.
const TABLE: &str = "create enum mood% (\"glad\", \"sad\");
    create table t% {
        id: bigint primary key serial, a: text, b: integer?, c: varchar(20) default \"x\", e: text?,
        hub: bigint references hub, own: bigint? references t%, unique (c), check (b > 0), mood: mood%,
    }
    create index t%_a on t% (a);";

/// Statements about one of the tables each.
const STATEMENTS: &[&str] = &[
    "create table n% { id: bigint primary key identity, t: bigint references t%, hub: bigint references hub }",
    "#[allow(drop_table, reason = \"old\")] drop table t%;",
    "rename table t% to n%;",
    "alter table t% { add d: integer?; }",
    "#[allow(drop_column, reason = \"old %\")] alter table t% { drop e; }",
    "alter table t% { rename a to d; }",
    "alter table t% { alter b type bigint; }",
    "alter table t% { alter b set not null; }",
    "alter table t% { alter a drop not null; }",
    "alter table t% { alter a set default \"y\"; }",
    "alter table t% { alter a drop not null; } undo { alter table t% { alter a set not null; } }",
    "alter table t% { comment a \"Which one.\"; }",
    "alter table t% { add unique (b); }",
    "alter table t% { add check (b < 100); }",
    "alter table t% { add foreign key (b) references hub; }",
    "alter table t% { drop constraint t%_c_key; }",
    "create index on t% (b, c);",
    "drop index t%_a;",
    "alter table t% { add d: integer?; rename d to f; } rename table t% to n%;",
    "#[only(postgres)] alter table t% { add d: integer?; }",
    "#[only(postgres)] create schema s%;",
    "create enum kind% (\"one\");",
    "alter enum mood% { add \"calm\"; }",
    "alter enum mood% { rename \"sad\" to \"low\"; }",
    "rename enum mood% to temper%;",
    "sql \"UPDATE t% SET b = 1\" as nothing undo nothing \"tested\";",
    "sql \"ALTER TABLE t% ADD COLUMN d INTEGER\" as { alter table t% { add d: integer?; } };",
];

/// The text for each of so many tables.
fn each(text: &str, count: usize) -> String {
    (0..count).map(|number| of(text, number) + "\n").collect()
}

/// The text for a table.
fn of(text: &str, number: usize) -> String {
    text.replace('%', &number.to_string())
}

fn tables(count: usize) -> String {
    format!("create table hub {{ id: bigint primary key }}\n{}", each(TABLE, count))
}

/// How much is looked at for what is done.
fn work(done: impl FnOnce()) -> u64 {
    let before = looks();
    done();
    looks() - before
}

/// Compiles the migration, and writes down what it hands on.
fn compiled(before: &State, text: &str) -> State {
    let (migration, left, errors) = step(before.clone(), text);
    assert!(migration.is_some() && errors.is_empty(), "{text}: {errors:?}");
    left.change_since(&before.clone().next(""));
    left
}

/// How many tables there are, and twice as many.
const COUNTS: [usize; 2] = [20, 40];

/// Refuses more than twice the work for twice as much, but for what does not depend on it.
fn linear(what: &str, works: [u64; 2]) {
    let [one, two] = works;
    assert!(one > 20, "{what}: {one} is no work");
    assert!(two * 10 <= one * 21, "{what}: {one} looks become {two}");
}

/// So many tables, and twice as many.
fn starts() -> [(usize, State); 2] {
    COUNTS.map(|count| (count, after(Database::ALL, &tables(count))))
}

#[test]
fn a_migration_of_many_tables() {
    let root = State::root(Settings::tested(Database::ALL.iter().copied().map(newest)));
    linear("tables", COUNTS.map(|count| work(|| drop(compiled(&root, &tables(count))))));
}

#[test]
fn a_statement_for_each_table() {
    let starts = starts();
    for statement in STATEMENTS {
        let works = starts.each_ref().map(|(count, start)| work(|| drop(compiled(start, &each(statement, *count)))));
        linear(statement, works);
    }
}

#[test]
fn a_migration_for_each_table() {
    let starts = starts();
    for statement in STATEMENTS {
        let next = |state: State, number| compiled(&state, &of(statement, number)).named("next");
        let works = starts.each_ref().map(|(count, start)| work(|| drop((0..*count).fold(start.clone(), next))));
        linear(statement, works);
    }
}

#[test]
fn a_written_downgrade() {
    let both = |count| {
        let (up, down) = (each("alter table t% { add d: integer?; }", count), each("alter table t% { drop d; }", count));
        format!("{up} down {{ {down} }}")
    };
    linear("down", starts().map(|(count, start)| work(|| drop(compiled(&start, &both(count))))));
}

#[test]
fn a_merge_for_each_table() {
    let next = |state: State, number| {
        let side = |text: &str, id: &str| compiled(&state, &of(text, number)).named(&of(id, number));
        let left = side("alter table t% { add d: integer?; }", "left%");
        let right = side("create table n% { t: bigint references t% }", "right%");
        let (merged, conflicts) = left.merge(right);
        assert_eq!(conflicts, []);
        merged
    };
    linear("merges", starts().map(|(count, start)| work(|| drop((0..count).fold(start, next)))));
}

/// A condition of many operands, whose types are looked at by the checker and by both databases.
#[test]
fn a_chain_of_many_operands() {
    let start = after(Database::ALL, "create table t { a: integer? }");
    for chain in ["a + ", "a & ", "a || \"x\" || "] {
        let condition = |count| format!("alter table t {{ add check (({}a) is not null); }}", chain.repeat(count));
        linear(chain, [100, 200].map(|count| work(|| drop(compiled(&start, &condition(count))))));
    }
}
