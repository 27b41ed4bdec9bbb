//! Branches that are not merged: upgraded and downgraded one by one, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod place;

use migrate_live_tests::server;
use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_branches");

/// A database, and a folder to run the program in.
struct Site {
    place: Place,
    url: String,
}

impl Site {
    /// One of each.
    async fn both() -> [Site; 2] {
        let (one, other) = (Place::new(), Place::new());
        let file = format!("sqlite://{}", other.path().join("app.db").display());
        [Site { place: one, url: server::postgres().database().await }, Site { place: other, url: file }]
    }

    fn run(&self, arguments: &[&str]) -> Said {
        self.place.start(PROGRAM, &[("DATABASE_URL", &self.url)], arguments)
    }

    /// The revisions that a command ran, in their order.
    fn ran(&self, arguments: &[&str]) -> String {
        let said = self.run(&[&["--format", "json"], arguments].concat());
        assert_eq!(said.status, 0, "{arguments:?}: {}", said.err);
        revisions(&said.json()["migrations"])
    }

    /// What is applied.
    fn applied(&self) -> String {
        let current = self.run(&["--format", "json", "current"]).json();
        let rows = current["revisions"].as_array().unwrap().iter().filter(|row| row["state"] == "applied");
        rows.map(|row| row["revision"].as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    }

    /// The error of a command that is wrong.
    fn refused(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert_eq!(said.status, 2, "{arguments:?}: {}{}", said.out, said.err);
        said.err
    }
}

fn revisions(list: &serde_json::Value) -> String {
    let names: Vec<&str> = list.as_array().unwrap().iter().map(|one| one["revision"].as_str().unwrap()).collect();
    names.join(" ")
}

#[tokio::test]
async fn each_branch_is_applied_and_undone_without_the_others() {
    for site in Site::both().await {
        let told = site.refused(&["upgrade"]);
        assert!(told.starts_with("error: there are 2 heads: `payments` and `merged`\n"), "{told}");
        assert!(told.contains("write `heads` for all of them, or `billing@head` or `audit@head` for one"), "{told}");
        assert_eq!(site.ran(&["upgrade", "billing@head"]), "users invoices payments");
        // What a migration depends on is applied first, and only that.
        assert_eq!(site.ran(&["upgrade", "audit"]), "audit");
        assert_eq!(site.ran(&["upgrade", "audit@head"]), "names audited merged");
        assert_eq!(site.ran(&["upgrade", "heads"]), "");
        let told = site.refused(&["downgrade", "-1", "--yes"]);
        assert!(told.starts_with("error: `-1` is ambiguous: it could be `payments` or `merged`\n"), "{told}");
        assert!(told.contains("or write `billing@-1` or `audit@-1`"), "{told}");
        // A dependency stays where its dependent is undone.
        assert_eq!(site.ran(&["downgrade", "audit@-2", "--yes"]), "merged audited");
        assert_eq!(site.applied(), "users invoices payments names audit");
        assert_eq!(site.ran(&["upgrade", "audit@+1"]), "audited");
        // A dependent is undone before its dependency.
        assert_eq!(site.ran(&["downgrade", "billing@base", "--yes"]), "audited payments invoices");
        assert_eq!(site.applied(), "users names audit");
        assert_eq!(site.ran(&["downgrade", "users", "--yes"]), "names");
        assert_eq!(site.ran(&["upgrade", "heads"]), "invoices payments names audited merged");
        assert_eq!(site.ran(&["downgrade", "base", "--yes"]), "merged audited audit names payments invoices users");
    }
}

#[tokio::test]
async fn a_ledger_without_a_dependency_has_a_gap() {
    for site in Site::both().await {
        site.ran(&["upgrade", "audit@head"]);
        let ledger =
            migrate_live_tests::shell::ask(&site.url, "SELECT parents FROM migrate_ledger WHERE revision = 'audited'").await;
        assert_eq!(ledger, ["[\"audit\",\"names\",\"invoices\"]"]);
        migrate_live_tests::shell::run(&site.url, "DELETE FROM migrate_ledger WHERE revision = 'names'").await;
        let said = site.run(&["upgrade", "heads"]);
        assert_eq!(said.status, 1);
        assert!(
            said.err.starts_with("error: the ledger has a gap: `audited` is applied, and `names` before it is not"),
            "{}",
            said.err
        );
    }
}

#[tokio::test]
async fn a_stamp_of_a_branch_leaves_the_others() {
    for site in Site::both().await {
        site.ran(&["upgrade", "audit"]);
        assert_eq!(site.run(&["stamp", "billing@head"]).status, 0);
        assert_eq!(site.applied(), "users invoices payments audit");
        assert_eq!(site.run(&["stamp", "billing@base"]).status, 0);
        assert_eq!(site.applied(), "users audit");
        assert_eq!(site.run(&["stamp", "heads"]).status, 0);
        assert_eq!(site.applied(), "users invoices payments names audit audited merged");
    }
}

#[tokio::test]
async fn a_script_is_of_a_branch_too() {
    for site in Site::both().await {
        let script = site.run(&["upgrade", "--sql", "users:audit@head"]);
        assert_eq!(script.status, 0, "{}", script.err);
        let place = |text: &str| script.out.find(text).unwrap_or_else(|| panic!("{text}: {}", script.out));
        assert!(place("CREATE TABLE \"invoices\"") < place("ADD COLUMN \"invoice_id\"") || !site.url.starts_with("postgres"));
        assert!(!script.out.contains("CREATE TABLE \"payments\""));
        let told = site.refused(&["upgrade", "--sql", "current:heads"]);
        assert!(told.starts_with("error: `current` depends on what is applied, and no database is asked\n"), "{told}");
    }
}

#[tokio::test]
async fn listings_show_labels_and_dependencies() {
    let [site, _] = Site::both().await;
    let out = |arguments: &[&str]| {
        let said = site.run(arguments);
        assert_eq!(said.status, 0, "{arguments:?}: {}", said.err);
        said.out
    };
    assert_eq!(
        out(&["heads"]),
        "payments (billing)  \nnames    audited depends on it\nmerged (audit)  `label` and `depends` are names too.\n"
    );
    assert_eq!(out(&["branches"]), "users  before invoices (billing), names\n");
    let shown = out(&["show", "audited"]);
    assert!(shown.contains("  after audit\n  depends on names, invoices\n"), "{shown}");
    assert!(out(&["show", "billing"]).contains("\n  label billing\n"));
    assert!(out(&["show", "billing@head"]).starts_with("payments  "));
    let verbose = out(&["history", "--verbose", "--range", "audit"]);
    assert!(verbose.contains("audit (audit)  Another root."), "{verbose}");
    assert!(out(&["history", "--verbose"]).contains("after audit; depends on names, invoices; level exact"));
    let range = |range: &str| revisions(&site.run(&["--format", "json", "history", "--range", range]).json());
    assert_eq!(range("billing@base:billing@head"), "invoices payments");
    assert_eq!(range("-2:audit@head"), "audited merged");
    site.ran(&["upgrade", "billing"]);
    assert_eq!(range(":current"), "invoices users");
    assert!(out(&["history", "--graph"]).contains("invoices (billing)  A branch."));
    let history = site.run(&["--format", "json", "history", "--range", "audited"]).json();
    assert_eq!(history[0]["depends_on"], serde_json::json!(["names", "invoices"]));
    let heads = site.run(&["--format", "json", "heads"]).json();
    assert_eq!(heads[1], serde_json::json!({ "revision": "names", "labels": [], "dependents": ["audited"] }));
}

/// `fresh` applies every head, as it has undone every one.
#[tokio::test]
async fn fresh_applies_all_heads() {
    for site in Site::both().await {
        assert_eq!(site.run(&["upgrade", "heads"]).status, 0);
        let all = site.applied();
        let done = site.run(&["fresh", "--yes"]);
        assert_eq!(done.status, 0, "{}", done.err);
        assert_eq!(site.applied(), all);
    }
}
