//! What is said of what raw SQL shows: its rule, what is wrong, what it locks, and what to do instead.

use std::borrow::Cow;

use crate::raw::Danger;

/// What is said of a danger.
pub(super) struct Told {
    /// Its rule.
    pub rule: &'static str,
    /// What is wrong.
    pub message: Cow<'static, str>,
    /// What it locks on PostgreSQL, how strongly and for how long.
    pub lock: &'static str,
    /// What to do instead.
    pub instead: &'static str,
}

const fn fixed(rule: &'static str, message: &'static str, lock: &'static str, instead: &'static str) -> Told {
    Told { rule, message: Cow::Borrowed(message), lock, instead }
}

const READ: &str = "ACCESS EXCLUSIVE on the table until every row is read: it cannot be read or written until then";
const WRITTEN: &str = "ACCESS EXCLUSIVE on the table until it is rewritten: it cannot be read or written until then";
const DROPPED: &str = "ACCESS EXCLUSIVE on the table until the step is committed, and no rows are read or rewritten";
const OBJECT: &str = "the object itself until the step is committed, and no table";
const ADD: &str = "add the new one, write both, read the new one, then drop the old one";

const CREATE_INDEX: Told = fixed(
    "raw_index",
    "raw SQL builds an index",
    "SHARE on the table until the index is built: the table cannot be written until then",
    "use `create index on t (c);`, which does not block writes",
);
const REINDEX: Told = fixed(
    "raw_index",
    "raw SQL rebuilds an index",
    "SHARE on the table and ACCESS EXCLUSIVE on the index until it is built: the table cannot be written until then",
    "run `REINDEX … CONCURRENTLY` outside of the migrations",
);
const DROP_INDEX: Told = fixed(
    "raw_index",
    "raw SQL drops an index",
    "ACCESS EXCLUSIVE on the table until the step is committed, and no rows are read or rewritten",
    "use `drop index t_c_idx;`, which does not block reads or writes",
);
const ADD_KEY: Told = fixed(
    "raw_index",
    "raw SQL adds a constraint that builds an index",
    "ACCESS EXCLUSIVE on the table until the index is built: it cannot be read or written until then",
    "use `alter table t { add unique (c); }`, which builds it while others use the table; an exclusion constraint has no safe form",
);
const LOCK: Told = fixed(
    "raw_lock",
    "raw SQL locks a table",
    "the lock that it names, ACCESS EXCLUSIVE if it names none, until the step is committed",
    "remove it: a step takes the locks that it needs",
);
const CHECK: Told = fixed(
    "raw_scan",
    "raw SQL adds a check and reads all rows for it",
    READ,
    "use `alter table t { add check (c > 0); }`, or `NOT VALID` and `VALIDATE CONSTRAINT` in the next migration",
);
const FOREIGN_KEY: Told = fixed(
    "raw_scan",
    "raw SQL adds a foreign key and reads all rows for it",
    "SHARE ROW EXCLUSIVE on both tables until every row is read: they cannot be written until then",
    "use `alter table t { add foreign key (c) references u; }`, or `NOT VALID` and `VALIDATE CONSTRAINT` in the next migration",
);
const NOT_NULL: Told = fixed(
    "raw_scan",
    "raw SQL sets a column to `not null` and reads all rows for it",
    READ,
    "use `alter table t { alter c set not null; }`",
);
const VALIDATE: Told = fixed(
    "raw_scan",
    "raw SQL validates a constraint under the lock of a statement before it",
    "what that statement locked, until every row is read: ACCESS EXCLUSIVE for a check",
    "move `VALIDATE CONSTRAINT` into the next migration",
);
const TYPE: Told = fixed(
    "raw_rewrite",
    "raw SQL changes the type of a column",
    WRITTEN,
    "state it with `sql \"…\" as { alter table t { alter c type bigint; } }`, so that the compiler knows whether the table is rewritten; or add a column of the new type, fill it, read the new one, then drop the old one",
);
const FILL: Told = fixed(
    "raw_rewrite",
    "raw SQL adds a column whose value is computed for each row",
    WRITTEN,
    "use `alter table t { add c: uuid default uuid(); }`, which fills it in batches",
);
const REWRITE: Told =
    fixed("raw_rewrite", "raw SQL rewrites a table", WRITTEN, "run it outside of the migrations, when the table is not in use");
const REFRESH: Told = fixed(
    "raw_rewrite",
    "raw SQL refreshes a materialized view",
    "ACCESS EXCLUSIVE on the view until it is filled: it cannot be read until then",
    "use `REFRESH MATERIALIZED VIEW CONCURRENTLY`, for which the view needs a unique index",
);
const TRUNCATE: Told = fixed(
    "raw_truncate",
    "raw SQL deletes all rows of a table",
    "ACCESS EXCLUSIVE on the table until the step is committed: it cannot be read or written until then",
    "delete only the rows that are no longer needed",
);
const DELETE_ALL: Told = fixed(
    "raw_delete",
    "raw SQL deletes all rows of a table",
    "ROW EXCLUSIVE on the table, and each of its rows, until the step is committed",
    "add `WHERE` with the rows that are no longer needed",
);
const UPDATE_ALL: Told = fixed(
    "raw_update",
    "raw SQL updates all rows of a table in one transaction",
    "ROW EXCLUSIVE on the table, and each of its rows, until the step is committed",
    "use `backfill t set c = 1;`, which updates them in batches, or add `WHERE`",
);

/// What is said of it.
pub(super) fn told(danger: Danger) -> Told {
    match danger {
        Danger::CreateIndex => CREATE_INDEX,
        Danger::Reindex => REINDEX,
        Danger::DropIndex => DROP_INDEX,
        Danger::AddKey => ADD_KEY,
        Danger::Lock => LOCK,
        Danger::Check => CHECK,
        Danger::ForeignKey => FOREIGN_KEY,
        Danger::NotNull => NOT_NULL,
        Danger::Validate => VALIDATE,
        Danger::Type => TYPE,
        Danger::Fill => FILL,
        Danger::Rewrite => REWRITE,
        Danger::Refresh => REFRESH,
        Danger::Truncate => TRUNCATE,
        Danger::DeleteAll => DELETE_ALL,
        Danger::UpdateAll => UPDATE_ALL,
        Danger::Drop(what) => dropped(what),
        Danger::Rename(what) => renamed(what),
    }
}

/// What gives something another name or schema. Only what holds rows is locked for readers.
fn renamed(what: &'static str) -> Told {
    let holds_rows = matches!(what, "table" | "column" | "foreign table" | "view" | "materialized view");
    let message = Cow::Owned(format!("raw SQL renames {} that may be in use", article(what)));
    Told { rule: "raw_rename", message, lock: if holds_rows { DROPPED } else { OBJECT }, instead: ADD }
}

/// What drops something: by a statement of the language, where it has one.
fn dropped(what: &'static str) -> Told {
    let instead = match what {
        "table" => "use `drop table t;`, whose downgrade is known",
        "column" => "use `alter table t { drop c; }`, whose downgrade is known",
        "type" => "use `drop enum e;`, whose downgrade is known, if it is an enum",
        "schema" => "use `drop schema s;`, whose downgrade is known",
        "extension" => "use `drop extension e;`, whose downgrade is known",
        _ => "deploy a version that does not use it",
    };
    let lock = match what {
        "table" | "column" | "foreign table" | "trigger" | "rule" | "policy" => DROPPED,
        "view" | "materialized view" => {
            "ACCESS EXCLUSIVE on the view until the step is committed, and no rows of its tables are read or rewritten"
        }
        _ => OBJECT,
    };
    let what = if what.contains(' ') && what.starts_with("everything") { what.to_owned() } else { article(what) };
    Told { rule: "raw_drop", message: Cow::Owned(format!("raw SQL drops {what} that may be in use")), lock, instead }
}

fn article(what: &str) -> String {
    let article = if what.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {what}")
}
