//! What a statement demands of the rows is asked where it is written, also where a later statement of the migration takes away or
//! changes what it is about: on both databases alike.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::parse;
use migrate_history::{Database, History};
use migrate_live_tests::{compiled, server, shell, sqlite};

const ORIGIN: &str = "create table p { id: integer primary key } create table t { k: integer, a: integer?, b: text?, d: integer default 5, sane: check (d > 0) }";

/// Rows that satisfy every demand.
const FITS: &str = "INSERT INTO p VALUES (1), (2); INSERT INTO t (k, a, b) VALUES (1, 1, 'x'), (2, 2, 'y')";

/// A statement that demands something of the rows, and what violates it.
struct Demand {
    statement: &'static str,
    misfit: &'static str,
}

const fn demand(statement: &'static str, misfit: &'static str) -> Demand {
    Demand { statement, misfit }
}

const DEMANDS: &[Demand] = &[
    demand("alter table t { alter a set not null; }", "INSERT INTO t (k, a, b) VALUES (3, NULL, 'z')"),
    demand("alter table t { add wanted: check (a > 0); }", "INSERT INTO t (k, a, b) VALUES (3, -1, 'z')"),
    demand("alter table t { add wanted: check (a < k + 1); }", "INSERT INTO t (k, a, b) VALUES (3, 7, 'z')"),
    demand("alter table t { add wanted: unique (a); }", "INSERT INTO t (k, a, b) VALUES (3, 1, 'z')"),
    demand("alter table t { add wanted: primary key (k); }", "INSERT INTO t (k, a, b) VALUES (1, 3, 'z')"),
    demand("create unique index wanted on t (a);", "INSERT INTO t (k, a, b) VALUES (3, 1, 'z')"),
    demand("create unique index wanted on t (lower(b)) where k > 1;", "INSERT INTO t (k, a, b) VALUES (3, 3, 'Y')"),
    demand("alter table t { add wanted: foreign key (a) references p; }", "INSERT INTO t (k, a, b) VALUES (3, 9, 'z')"),
    demand(
        "alter table t { add wanted: foreign key (a) references p deferrable initially deferred; }",
        "INSERT INTO t (k, a, b) VALUES (3, 9, 'z')",
    ),
    demand("alter table t { add c: integer default 2; add wanted: foreign key (c) references p; }", "DELETE FROM p WHERE id = 2"),
    demand("alter table t { alter a type smallint; }", "INSERT INTO t (k, a, b) VALUES (3, 70000, 'z')"),
    demand("alter table t { alter b type varchar(3); }", "INSERT INTO t (k, a, b) VALUES (3, 3, 'long')"),
    demand(
        "alter table t { alter b type integer using length(b) undo { alter b type text using b::text; }; alter b set not null; }",
        "INSERT INTO t (k, a, b) VALUES (3, 3, NULL)",
    ),
    // What was demanded before, of what a conversion makes.
    demand(
        "alter table t { alter d type bigint using d - k undo { alter d type integer using d + k; }; }",
        "INSERT INTO t (k, a, b) VALUES (5, 1, 'z')",
    ),
    demand(
        "alter table t { alter d type bigint using nullif(d, k) undo { alter d type integer using d; }; }",
        "INSERT INTO t (k, a, b) VALUES (5, 1, 'z')",
    ),
];

/// Statements that take away what a demand is about, or change it. Those that do not compile after a demand are not about it.
const LATER: &[&str] = &[
    "",
    "alter table t { drop constraint wanted; }",
    "drop index wanted;",
    "alter table t { alter a drop not null; }",
    "alter table t { alter b drop not null; }",
    "alter table t { alter d drop not null; }",
    "alter table t { drop constraint sane; }",
    "alter table t { alter d type text; }",
    "alter table t { drop constraint sane; drop d; }",
    "alter table t { alter a type bigint; }",
    "alter table t { alter a type text; }",
    "alter table t { alter a type bigint using k undo { alter a type integer using k; }; }",
    "alter table t { alter b type text; }",
    "alter table t { drop a; }",
    "alter table t { drop b; }",
    "alter table t { drop constraint wanted; drop a; }",
    "alter table t { drop constraint wanted; drop c; }",
    "alter table t { drop constraint wanted; add wanted: check (k > 0); }",
    "alter table t { drop constraint wanted; alter a type text; }",
    "alter table t { alter a drop not null; drop a; add a: integer?; }",
    "alter table t { alter a drop not null; alter a set not null; }",
    "alter table t { drop constraint wanted; } drop table p;",
    "drop index wanted; alter table t { drop a; }",
    "drop table t;",
    "drop table t; drop table p;",
    "rename table t to u; drop table u;",
    "alter table t { rename a to z; drop z; }",
    "alter table t { rename a to z; }",
    "alter table t { rename b to z; }",
    "alter table t { rename constraint wanted to kept; drop constraint kept; }",
    "alter table p { rename id to key; }",
    "rename table p to q;",
    "rename table t to u;",
    "sql \"DELETE FROM t WHERE k = 3\" as nothing undo nothing \"tested\";",
    "sql \"UPDATE t SET a = 1 WHERE k = 3\" as nothing undo nothing \"tested\";",
    "sql \"INSERT INTO p VALUES (9)\" as nothing undo nothing \"tested\";",
    "sql \"DELETE FROM t\" as nothing undo nothing \"tested\";",
];

/// The history of a demand and a later change; `None` where it does not compile.
fn history(database: Database, demand: &Demand, later: &str) -> Option<History> {
    let text = format!("{} {later}", demand.statement);
    let drafts = ["origin", "change"].into_iter().zip([ORIGIN, &text]);
    let read = |text: &str| parse::migration(text.parse().expect("tokens"));
    let drafts = drafts.map(|(id, text)| {
        let parsed = read(text);
        let wrong = parsed.diagnostics([]);
        assert!(wrong.is_empty(), "{text}: {:?}", wrong.first().map(|one| one.problem.to_string()));
        (id, parsed.draft)
    });
    compiled::tried("asserted", database, drafts.collect()).ok()
}

/// A database of a test, and what takes everything away again.
struct Site {
    url: String,
    file: sqlite::File,
    database: Database,
}

impl Site {
    async fn open(database: Database) -> Site {
        let file = sqlite::file();
        let url = match database {
            Database::Postgres => server::postgres().database().await,
            Database::Sqlite => file.url(),
        };
        Site { url, file, database }
    }

    async fn clear(&mut self) {
        match self.database {
            Database::Postgres => shell::run(&self.url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public").await,
            Database::Sqlite => {
                self.file = sqlite::file();
                self.url = self.file.url();
            }
        }
    }

    /// What there is of both tables.
    async fn rows(&self) -> [Vec<String>; 2] {
        let t = "SELECT coalesce(CAST(k AS text), '') || coalesce(CAST(a AS text), '-') || coalesce(b, '-') FROM t ORDER BY 1";
        [shell::ask(&self.url, t).await, shell::ask(&self.url, "SELECT CAST(id AS text) FROM p ORDER BY 1").await]
    }
}

/// What is wrong; nothing where it does not compile.
async fn ask(site: &mut Site, demand: &Demand, later: &str) -> Option<String> {
    let history = history(site.database, demand, later)?;
    let told = format!("{} {later} on {}", demand.statement, site.database);
    site.clear().await;
    migrate_runtime::upgrade(&*site.url, &history, "origin").await.unwrap_or_else(|error| panic!("{told}: {error}"));
    shell::run(&site.url, FITS).await;
    shell::run(&site.url, demand.misfit).await;
    let before = site.rows().await;
    if migrate_runtime::upgrade(&*site.url, &history, "head").await.is_ok() {
        return Some(format!("{told}: a row does not fit"));
    }
    if before != site.rows().await {
        return Some(format!("{told}: an upgrade that failed left something behind"));
    }
    shell::run(&site.url, "DELETE FROM t; DELETE FROM p").await;
    shell::run(&site.url, FITS).await;
    let outcome = migrate_runtime::upgrade(&*site.url, &history, "head").await;
    outcome.err().map(|error| format!("{told}: every row fits: {error}"))
}

/// Whether a pair is asked: all of them on SQLite, where each is a file, and in the nightly form; else some of them.
fn is_asked(database: Database, number: usize) -> bool {
    match database {
        Database::Postgres => std::env::var_os("ASSERTED_ALL").is_some() || number.is_multiple_of(4),
        Database::Sqlite => true,
    }
}

async fn every_demand(database: Database) {
    let mut wrong = Vec::new();
    let mut site = Site::open(database).await;
    for (number, demand) in DEMANDS.iter().enumerate() {
        let mut asked = 0;
        for (place, later) in LATER.iter().enumerate() {
            asked += usize::from(history(database, demand, later).is_some());
            if is_asked(database, number + place) {
                wrong.extend(ask(&mut site, demand, later).await);
            }
        }
        assert!(asked >= 10, "{}: only {asked} later changes compile", demand.statement);
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_demand_is_asked_where_it_is_written_on_postgresql() {
    every_demand(Database::Postgres).await;
}

#[tokio::test]
async fn a_demand_is_asked_where_it_is_written_on_sqlite() {
    every_demand(Database::Sqlite).await;
}
