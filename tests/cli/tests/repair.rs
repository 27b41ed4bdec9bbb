//! `repair` says what is not in order and what resolves it, and does only what requires no decision; `ensure-ledger` makes the ledger alone; `fresh` begins
//! again.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use migrate_live_tests::{server, shell};
use place::{Place, Said};

const HALFWAY: &str = env!("CARGO_BIN_EXE_halfway");
const LOSING: &str = env!("CARGO_BIN_EXE_migrate-cli-tests");

/// A database, and a folder to run the program in.
struct Site {
    place: Place,
    url: String,
}

impl Site {
    async fn both() -> [Site; 2] {
        let (one, other) = (Place::new(), Place::new());
        let file = format!("sqlite://{}", other.path().join("app.db").display());
        [Site { place: one, url: server::postgres().database().await }, Site { place: other, url: file }]
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.place.start(HALFWAY, &[("DATABASE_URL", &self.url)], arguments)
    }

    fn repair(&self, more: &[&str]) -> (i32, String) {
        let said = self.run(&[&["repair"], more].concat());
        (said.status, said.out + &said.err)
    }

    async fn sql(&self, sql: &str) {
        shell::run(&self.url, sql).await;
    }

    /// The second migration has failed between its steps.
    async fn halfway() -> [Site; 2] {
        let sites = Site::both().await;
        for site in &sites {
            assert_eq!(site.run(&["upgrade", "--one"]).status, 0);
            site.sql("INSERT INTO notes (id, size) VALUES (1, 0), (50, 0)").await;
            let failed = site.run(&["upgrade"]);
            assert_eq!(failed.status, 1, "{}", failed.err);
        }
        sites
    }
}

#[tokio::test]
async fn an_unfinished_upgrade_is_explained_and_continued() {
    for site in Site::halfway().await {
        let (status, said) = site.repair(&[]);
        assert_eq!(status, 1, "{said}");
        assert!(said.starts_with("the upgrade of `m2_sizes` stopped after step 1 of 2:\n"), "{said}");
        for part in
            ["small", "\n  help: `upgrade m2_sizes` continues", "\n  help: `downgrade -1` undoes the steps that are done\n"]
        {
            assert!(said.contains(part), "{part}: {said}");
        }
        let json = site.run(&["repair", "--format", "json"]).json();
        let found = &json["disorders"][0];
        assert_eq!(
            (&found["kind"], &found["revision"], &found["safe"]),
            (&"unfinished".into(), &"m2_sizes".into(), &true.into())
        );
        assert_eq!(found["remedies"][0]["command"], "upgrade m2_sizes");
        // It was asked about another one.
        assert_eq!(site.repair(&["m1"]).0, 0);
        // What made it fail is still there.
        assert_eq!(site.repair(&["m2", "--yes"]).0, 1);
        site.sql("DELETE FROM notes WHERE id = 50").await;
        let (status, said) = site.repair(&["m2", "--yes"]);
        assert!(status == 0 && said.contains("1 migration applied"), "{said}");
        assert_eq!(site.repair(&[]).0, 0);
        assert!(site.repair(&["m2", "--yes"]).1.ends_with("nothing to repair\n"));
    }
}

#[tokio::test]
async fn every_command_of_a_remedy_works() {
    for remedy in ["upgrade m2_sizes", "downgrade -1"] {
        for site in Site::halfway().await {
            assert!(site.repair(&[]).1.contains(&format!("`{remedy}`")));
            site.sql("DELETE FROM notes WHERE id = 50").await;
            let words: Vec<&str> = remedy.split(' ').chain(remedy.starts_with('d').then_some("--yes")).collect();
            let said = site.run(&words);
            assert_eq!(said.status, 0, "{remedy}: {}", said.err);
            assert_eq!(site.repair(&[]).0, 0, "{remedy}");
        }
    }
}

#[tokio::test]
async fn what_requires_a_decision_is_not_done() {
    for site in Site::both().await {
        site.run(&["upgrade"]);
        site.sql("UPDATE migrate_ledger SET revision = 'm9_theirs', operations = '[\"create nothing\"]', checksum = 'v1:' WHERE revision = 'm2_sizes'").await;
        let (status, said) = site.repair(&[]);
        let unknown = "`m9_theirs` is applied here and unknown to this program\n  help: run the version of the program that has it\n  \
                       help: `switch` undoes it";
        assert!(status == 1 && said.contains(unknown), "{said}");
        let (status, said) = site.repair(&["m9", "--yes"]);
        assert!(
            status == 1 && said.starts_with("error: nothing was done: this requires a decision\n`m9_theirs` is applied"),
            "{said}"
        );
        site.sql("UPDATE migrate_ledger SET revision = 'm2_sizes' WHERE revision = 'm9_theirs'").await;
        let (status, said) = site.repair(&[]);
        assert!(
            status == 1 && said.contains("`m2_sizes` (- applied, + in the code):") && said.contains("- create nothing"),
            "{said}"
        );
        assert!(said.contains("help: restore in the migration what was applied") && said.contains("help: `switch`"), "{said}");
        site.sql("DELETE FROM migrate_ledger WHERE revision = 'm1_notes'").await;
        site.sql("UPDATE migrate_ledger SET parents = '[\"m1_notes\"]'").await;
        assert_eq!(site.repair(&[]).0, 1);
    }
}

#[tokio::test]
async fn a_renamed_module_is_recognized() {
    for site in Site::both().await {
        site.run(&["upgrade"]);
        site.sql("UPDATE migrate_ledger SET revision = 'm2_old' WHERE revision = 'm2_sizes'").await;
        let what = "`m2_old` was renamed after it was applied here\n";
        let help = "help: write `revision \"m2_old\";` in `m2_sizes`, or name its module `m2_old` again\n";
        let (status, said) = site.repair(&[]);
        assert!(status == 1 && said.starts_with(what) && said.ends_with(help) && !said.contains("switch"), "{said}");
        let found = &site.run(&["repair", "--format", "json"]).json()["disorders"];
        assert_eq!((&found[0]["kind"], &found[0]["revision"], &found[1]), (&"renamed".into(), &"m2_old".into(), &().into()));
        let status = site.run(&["status", "--exit-code"]);
        assert!(status.status == 1 && status.out.starts_with(what) && status.out.ends_with(help), "{}", status.out);
        let listed = site.run(&["history"]).out;
        assert!(listed.contains("renamed   m2_old") && listed.contains("note: it is `m2_sizes` in the code"), "{listed}");
    }
}

#[tokio::test]
async fn a_run_that_was_rolled_back_is_listed_with_its_reason() {
    let place = Place::new();
    let program = env!("CARGO_BIN_EXE_both");
    let run = |arguments: &[&str]| place.start(program, &[("DATABASE_URL", "sqlite:app.db")], arguments);
    assert_eq!(run(&["upgrade"]).status, 1);
    let said = run(&["repair"]);
    assert!(
        said.status == 1 && said.out.starts_with("the last upgrade of `m2_needs` failed and was rolled back:\n"),
        "{}",
        said.out
    );
    assert!(said.out.contains("no such table") && said.out.contains("help: `upgrade m2_needs` runs it again"), "{}", said.out);
    place.sql("CREATE TABLE needed (n integer)").await;
    assert_eq!(run(&["upgrade"]).status, 0);
    assert_eq!(run(&["repair"]).status, 0);
}

#[tokio::test]
async fn the_ledger_alone_is_made_once_and_brought_up_to_date() {
    for site in Site::both().await {
        let first = site.run(&["ensure-ledger"]);
        assert!(first.status == 0 && first.out.starts_with("created the ledger"), "{}{}", first.out, first.err);
        assert!(site.run(&["ensure-ledger"]).out.starts_with("nothing to do: the ledger exists"));
        let json = site.run(&["ensure-ledger", "--format", "json"]).json();
        assert_eq!((&json["before"], &json["format"]), (&2.into(), &2.into()));
        assert!(site.run(&["current"]).out.contains("at base, 2 pending"));
        assert_eq!(shell::ask(&site.url, "SELECT revision FROM migrate_ledger").await, Vec::<String>::new());
        site.sql("UPDATE migrate_format SET format = 3").await;
        let newer = site.run(&["ensure-ledger"]);
        assert!(newer.status == 1 && newer.err.starts_with("error: the ledger has format 3"), "{}", newer.err);
        for column in ["upgrade", "begun_at", "begun_step", "origin", "compat", "notes", "replaces"] {
            site.sql(&format!("ALTER TABLE migrate_ledger DROP COLUMN {column}")).await;
        }
        site.sql("UPDATE migrate_format SET format = 1").await;
        let (status, said) = site.repair(&[]);
        assert!(
            status == 0
                && said.contains("the ledger has format 1")
                && said.contains("help: `ensure-ledger` brings it up to date"),
            "{said}"
        );
        let updated = site.run(&["ensure-ledger"]);
        assert!(updated.out.contains(" has format 2 now, and had format 1"), "{}{}", updated.out, updated.err);
        assert_eq!(site.run(&["upgrade"]).status, 0);
    }
}

#[tokio::test]
async fn runners_that_ensure_at_once_make_one_ledger() {
    for site in Site::both().await {
        let all: Vec<Said> = std::thread::scope(|scope| {
            let started: Vec<_> = (0..4).map(|_| scope.spawn(|| site.run(&["ensure-ledger", "--format", "json"]))).collect();
            started.into_iter().map(|one| one.join().unwrap()).collect()
        });
        assert!(all.iter().all(|said| said.status == 0), "{:?}", all.iter().map(|said| &said.err).collect::<Vec<_>>());
        let made = all.iter().filter(|said| said.json()["before"].is_null()).count();
        assert_eq!(made, 1, "one of them has made it");
    }
}

#[tokio::test]
async fn fresh_begins_again_where_everything_can_be_undone() {
    for site in Site::both().await {
        assert_eq!(site.run(&["fresh"]).status, 0, "nothing has to be undone");
        site.sql("INSERT INTO notes (id, size) VALUES (1, 0)").await;
        let refused = site.run(&["fresh"]);
        assert!(
            refused.status == 1 && refused.err.contains("drops:") && refused.err.contains("write `--yes`"),
            "{}",
            refused.err
        );
        assert_eq!(shell::ask(&site.url, "SELECT 'one' FROM notes").await, ["one"]);
        let done = site.run(&["fresh", "--yes"]);
        assert!(
            done.out.contains("2 migrations undone") && done.out.contains("\n2 migrations applied"),
            "{}{}",
            done.out,
            done.err
        );
        assert_eq!(shell::ask(&site.url, "SELECT 'one' FROM notes").await, Vec::<String>::new());
    }
    let place = Place::new();
    let run = |arguments: &[&str]| place.start(LOSING, &[], arguments);
    assert_eq!(run(&["upgrade"]).status, 0);
    let refused = run(&["fresh", "--yes"]);
    assert_eq!(
        (refused.status, &*refused.err),
        (
            1,
            "error: `m3_drop_all` is irreversible, so `fresh` cannot undo it: nobody may read them again\n\
             help: drop the database, create it again, and run `upgrade`\n"
        )
    );
    assert!(run(&["current"]).out.contains("0 pending"));
}

#[tokio::test]
async fn one_is_one_step_and_a_dry_run_is_none() {
    for site in Site::both().await {
        let planned = site.run(&["upgrade", "--dry-run"]);
        assert!(planned.status == 0 && planned.out.contains("upgrade m1_notes") && planned.out.contains("upgrade m2_sizes"));
        assert_eq!(planned.out, site.run(&["plan"]).out);
        assert!(site.run(&["current"]).out.contains("at base, 2 pending"));
        assert!(site.run(&["upgrade", "--one"]).out.starts_with("1 migration applied"));
        assert_eq!(site.run(&["upgrade", "--one", "--dry-run"]).out, site.run(&["plan", "+1"]).out);
        assert!(site.run(&["upgrade", "--one"]).out.starts_with("1 migration applied"));
        let planned = site.run(&["downgrade", "--one", "--dry-run"]);
        assert!(planned.out.contains("downgrade m2_sizes") && !planned.out.contains("m1_notes"), "{}", planned.out);
        assert_eq!(planned.out, site.run(&["plan", "-1"]).out);
        assert_eq!(site.run(&["downgrade", "base", "--dry-run"]).out, site.run(&["plan", "base"]).out);
        assert!(site.run(&["current"]).out.contains("0 pending"));
        assert!(site.run(&["downgrade", "--one", "--yes"]).out.starts_with("1 migration undone"));
        let kept = site.run(&["downgrade", "--one", "--keep", "--dry-run"]);
        assert_eq!(kept.out, site.run(&["plan", "-1", "--keep"]).out);
        for arguments in
            [&["upgrade", "--one", "head"][..], &["upgrade", "--one", "--sql"], &["downgrade"], &["downgrade", "--one", "base"]]
        {
            assert_eq!(site.run(arguments).status, 2, "{arguments:?}");
        }
    }
}
