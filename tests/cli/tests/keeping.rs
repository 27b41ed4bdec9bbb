//! What `kept` and `purge` show, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use migrate_live_tests::{server, shell};
use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_keeping");

struct Site {
    place: Place,
    url: String,
}

impl Site {
    /// One of each, with rows that are kept.
    async fn both() -> [Site; 2] {
        let (one, other) = (Place::new(), Place::new());
        let file = format!("sqlite://{}", other.path().join("app.db").display());
        let both = [Site { place: one, url: server::postgres().database().await }, Site { place: other, url: file }];
        for site in &both {
            assert!(site.run(&["kept"]).out.ends_with(": nothing is kept\n"));
            site.run(&["upgrade", "+1", "--quiet"]);
            shell::run(&site.url, "INSERT INTO notes VALUES (1, 'a'), (2, NULL); INSERT INTO audit VALUES (1)").await;
            assert_eq!(site.run(&["upgrade", "--quiet"]).status, 0);
        }
        both
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.place.start(PROGRAM, &[("DATABASE_URL", &self.url)], arguments)
    }
}

/// The words of each line.
fn lines(out: &str) -> Vec<String> {
    out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[tokio::test]
async fn what_is_kept_is_listed_with_its_sizes() {
    for site in Site::both().await {
        let said = site.run(&["kept"]);
        let mut lines = lines(&said.out);
        assert_eq!(lines[1], "revision kept as since rows bytes", "{}", said.out);
        // They may be of the same moment.
        lines[2..].sort();
        assert!(lines[2].starts_with("m2_keep upgrade column `notes.body` notes._kept_body 20"), "{}", said.out);
        assert!(lines[3].starts_with("m2_keep upgrade table `audit` _kept_audit 20"), "{}", said.out);
        let json = site.run(&["kept", "--format", "json"]).json();
        let column = json["kept"].as_array().unwrap().iter().find(|kept| !kept["place"]["column"].is_null()).unwrap();
        assert_eq!((&column["place"]["column"], &column["rows"]["value"]), (&"_kept_body".into(), &1.into()), "{json}");
    }
}

#[tokio::test]
async fn a_purge_needs_consent_and_lowers_the_level() {
    for site in Site::both().await {
        let refused = site.run(&["purge", "notes._kept_body", "_kept_audit"]);
        assert_eq!((refused.status, &*refused.out), (1, ""));
        assert!(refused.err.contains("column `notes.body` of `m2_keep`: 1 value\n"), "{}", refused.err);
        assert!(refused.err.contains("help: write `--yes`"), "{}", refused.err);
        let unknown = site.run(&["purge", "notes._kept_title", "--yes"]);
        assert!(unknown.status == 1 && unknown.err.contains("nothing is kept as `notes._kept_title`"), "{}", unknown.err);
        let purged = site.run(&["purge", "notes._kept_body", "--yes", "--quiet"]);
        assert_eq!(
            (purged.status, &*purged.out),
            (0, "purged what was kept of the column `notes.body` of `m2_keep`\n"),
            "{}",
            purged.err
        );
        let plan = site.run(&["plan", "-1"]).out;
        assert!(plan.contains("what was kept of the column `notes.body`"), "{plan}");
        assert_eq!(lines(&site.run(&["kept"]).out).len(), 3, "the table alone");
        let downgrade = site.run(&["downgrade", "-1"]);
        assert!(downgrade.status == 1 && downgrade.err.contains("what was kept of the column"), "{}", downgrade.err);
        assert_eq!(site.run(&["downgrade", "-1", "--yes", "--quiet"]).status, 0);
    }
}

#[tokio::test]
async fn a_downgrade_that_keeps_asks_nothing_and_the_upgrade_takes_it_back() {
    for site in Site::both().await {
        let refused = site.run(&["downgrade", "base"]);
        assert!(refused.status == 1 && refused.err.contains("rows of `notes`"), "{}", refused.err);
        let plan = site.run(&["plan", "base", "--keep"]).out;
        assert!(plan.contains("table `notes` is kept as `_kept_d00001_notes`"), "{plan}");
        let done = site.run(&["downgrade", "base", "--keep", "--quiet"]);
        assert_eq!(done.status, 0, "{}", done.err);
        let kept = site.run(&["kept"]).out;
        let audit = "m1_notes downgrade table `audit` _kept_d00001_audit";
        assert!(lines(&kept).iter().any(|line| line.starts_with(audit)), "{kept}");
        let plan = site.run(&["plan"]).out;
        assert!(plan.contains("restores the table `notes` from `_kept_d00001_notes`"), "{plan}");
        let done = site.run(&["upgrade", "--quiet"]);
        assert_eq!(done.status, 0, "{}", done.err);
        assert_eq!(shell::ask(&site.url, "SELECT _kept_body FROM notes WHERE id = 1").await, ["a"]);
        assert_eq!(lines(&site.run(&["kept"]).out).len(), 4, "what the second migration keeps");
        let script = site.run(&["downgrade", "base", "--keep", "--sql"]);
        assert!(script.status != 0 && script.err.contains("--sql"), "{}", script.err);
    }
}
