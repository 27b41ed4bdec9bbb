//! What an upgrade asks of the rows before it begins: nothing that is known already.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod given;

use given::{after, step};
use migrate_history::Database;

const BASE: &str = r#"
    create table teams { id: bigint primary key, name: text unique }
    create table users { id: bigint primary key, name: text?, age: integer?, team: bigint? }
"#;

/// What no row can break, since a column of it is null in every row, or another value in each.
const KNOWN: &[&str] = &[
    "alter table users { add new: bigint? references teams; }",
    "alter table users { add new: bigint?; add foreign key (new) references teams; }",
    "alter table users { add new: text? unique; }",
    "alter table users { add new: integer?; add unique (name, new); }",
    "alter table users { add new: integer?; } create unique index on users (new);",
    "alter table users { add new: integer?; } create unique index on users (lower(name), -new);",
    "alter table users { add new: integer? check (new > 0); }",
    "alter table users { add new: integer?; add check (new between 1 and age); }",
    "alter table users { add new: integer?; add check (age + new in (1, 2)); }",
    "alter table users { add new: integer?; add check (new > 0 and new < 9 or new = 12); }",
    "alter table users { add new: bigint?; alter new type smallint; }",
    "alter table users { add new: text?; alter new type integer using new::integer irreversible \"tested\"; }",
    "alter table users { add old: bigint?; rename old to new; add foreign key (new) references teams; }",
    "alter table users { add new: bigint?; } rename table users to people; alter table people { add foreign key (new) references teams; }",
    "alter table users { add token: uuid default uuid() unique; }",
    "alter table users { add token: uuid default uuid(); add unique (name, token); }",
];

/// What a row can break.
const ASKED: &[&str] = &[
    "alter table users { add foreign key (team) references teams; }",
    "alter table users { add new: bigint default 1 references teams; }",
    "alter table users { add new: integer?; add unique (name); }",
    "alter table users { add new: integer?; } create unique index on users (name, new) nulls not distinct;",
    "alter table users { add new: integer?; add check (new > 0 and age > 0); }",
    "alter table users { add new: integer?; add check (new > 0 or age > 0); }",
    "alter table users { add new: integer?; add check (new is not null); }",
    "alter table users { add new: integer?; add check (coalesce(new, 0) > 0); }",
    "alter table users { add new: integer?; add check (new is distinct from null); }",
    "alter table users { add new: integer?; add check (age is not distinct from new); }",
    "alter table users { add new: integer?; add check (case when new > 0 then true else age > 0 end); }",
    "alter table users { add new: integer?; add check (1 between age and new); }",
    "alter table users { add new: integer?; add check (1 in (age, new)); }",
    "alter table users { alter age type smallint; }",
    "alter table users { add new: integer?; add other: integer default 7; alter new type bigint using other irreversible \"tested\"; add check (new < 5); }",
    "alter table users { add token: uuid default uuid(); } create unique index on users (left(token::text, 1));",
];

/// The questions of the upgrade on one database.
fn asked(text: &str, database: Database) -> Vec<String> {
    let (migration, _, errors) = step(after(&[database], BASE), text);
    assert_eq!(errors, [""; 0], "{text}");
    let migration = migration.unwrap();
    let script = migration.compiled().script(database).unwrap();
    script.upgrade.iter().flat_map(|step| step.guards.iter()).map(|guard| guard.query.to_string()).collect()
}

#[test]
fn what_no_row_can_break_is_not_asked() {
    for text in KNOWN {
        for database in Database::ALL {
            assert_eq!(asked(text, *database), [""; 0], "{text} on {database:?}");
        }
    }
}

#[test]
fn what_a_row_can_break_is_asked() {
    for text in ASKED {
        assert!(!asked(text, Database::Postgres).is_empty(), "{text}");
    }
}

/// Raw SQL, and the statement that it states.
const STATED: &[(&str, &str)] = &[
    ("ALTER TABLE users ALTER age SET NOT NULL", "alter table users { alter age set not null; }"),
    ("ALTER TABLE users ADD CONSTRAINT k UNIQUE (name)", "alter table users { add k: unique (name); }"),
    ("ALTER TABLE users ADD CONSTRAINT c CHECK (age > 0)", "alter table users { add c: check (age > 0); }"),
    ("ALTER TABLE users ALTER age TYPE smallint", "alter table users { alter age type smallint; }"),
    ("ALTER TABLE users ADD must integer NOT NULL", "alter table users { add must: integer; }"),
    (
        "ALTER TABLE users RENAME TO people; ALTER TABLE people ALTER age SET NOT NULL",
        "rename table users to people; alter table people { alter age set not null; }",
    ),
    (
        "ALTER TABLE users ADD new integer; ALTER TABLE users ADD CHECK (new > 0 OR age > 0)",
        "alter table users { add new: integer?; add check (new > 0 or age > 0); }",
    ),
];

#[test]
fn what_raw_sql_states_is_asked_as_of_the_same_statement() {
    for (text, stated) in STATED {
        let required = stated.contains("must");
        let allow = if required { "#[allow(add_required_column, reason = \"tested\")] " } else { "" };
        let raw = format!("{allow}sql {text:?} as {{ {stated} }}");
        let own = asked(&format!("{allow}{stated}"), Database::Postgres);
        assert!(!own.is_empty(), "{stated}");
        assert_eq!(asked(&raw, Database::Postgres), own, "{raw}");
    }
}

/// What is asked before an upgrade is not asked where the text itself makes the rows fit.
#[test]
fn what_raw_sql_makes_fit_is_not_asked() {
    for (text, stated) in STATED {
        for before in ["UPDATE users SET age = 1 WHERE age IS NULL", "DO $$ BEGIN NULL; END $$", "SELECT 1"] {
            let raw = format!("sql {:?} as {{ {stated} }}", format!("{before}; {text}"));
            assert_eq!(asked(&raw, Database::Postgres), [""; 0], "{raw}");
            let raw = format!(
                "sql {before:?} as nothing; sql \"ALTER TABLE users ADD x integer\" as nothing; sql {text:?} as {{ {stated} }}"
            );
            if before.contains("users") && !stated.contains("must") {
                assert_eq!(asked(&raw, Database::Postgres), [""; 0], "{raw}");
            }
        }
    }
    let given = "sql \"ALTER TABLE users ADD must integer NOT NULL DEFAULT 1\" as { alter table users { add must: integer; } }";
    assert_eq!(asked(given, Database::Postgres), [""; 0]);
}
