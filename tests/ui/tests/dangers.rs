//! The book's chapter of dangers is made of the rules themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write;
use std::path::Path;

use migrate_compiler::lint::{Group, LintRule, RULES, Severity};
use migrate_compiler::rule::Topic;

const CHAPTER: &str = "../../docs/src/dangers.md";

const HEAD: &str = r#"# Dangers

A migration that compiles may still be dangerous for running instances of the application. Where the compiler can avoid the danger, it does: on PostgreSQL a table that existed
before the migration is changed while others read and write it (an index is built concurrently, a constraint is validated in a separate step, a new value is filled in batches).
Where it cannot, the statement is an error that shows the safe recipe, until `#[allow(…)]` accepts it:

```rust,ignore
#[allow(rename_column, reason = "nothing uses it yet")]
alter table users { rename nickname to nick; }
```

An `#[allow]` accepts that others wait until the statement is done, but not how long. `#[set(statement_timeout = "30s")]` before the statement ends it after that time, with everything of its step; the
next `upgrade` begins the step again.

What the migration itself creates has none of these dangers: it is not in use yet. A history sets which rules are errors, one by one or by group; a later setting wins:

```rust,ignore
migrate::history! {
    databases: postgres;
    rules: deny(style), allow(rename_column);
    // …
}
```

On SQLite a change locks the whole file, and a table that is rebuilt keeps it locked until every row is copied. So the rules about locks and rewrites do not apply there: every
writer waits for every other writer. `deny` in the table is an error, and `allow` is silent until the history denies the rule.

The locks were measured on PostgreSQL 11 to 18. This page is made of the rules in the code: `BOOK=overwrite cargo test -p migrate-ui-tests --test dangers` writes it again.
"#;

/// The rules of a group by their names.
fn rules(group: Group) -> Vec<&'static LintRule> {
    let mut rules: Vec<&LintRule> = RULES.iter().copied().flatten().filter(|rule| rule.group == group).collect();
    rules.sort_by_key(|rule| rule.name);
    rules
}

/// Every rule in a line.
fn table() -> String {
    let line = |rule: &LintRule| {
        let LintRule { name, group, severity, .. } = rule;
        let databases: Vec<&str> = rule.databases().iter().map(|database| database.title()).collect();
        format!("| [{name}](#{name}) | {} | {} | {} |\n", group.word(), severity.word(), databases.join(", "))
    };
    let lines: String = Group::ALL.iter().flat_map(|group| rules(*group)).map(line).collect();
    format!("\n| rule | group | default | databases |\n|---|---|---|---|\n{lines}")
}

fn page() -> String {
    let mut page = HEAD.to_owned() + &table();
    for group in Group::ALL {
        let _ = write!(page, "\n## {}: {}\n", group.word(), group.about());
        for LintRule { name, severity, about, lock, instead, .. } in rules(*group) {
            let severity = match severity {
                Severity::Deny => "an error",
                Severity::Allow => "silent, unless the history denies it",
            };
            let _ = write!(
                page,
                "\n### {name}\n\n{about}. It is {severity}; [the error](errors-{}.md#{name}).\n\n- Locked: {lock}.\n- Instead: {instead}.\n",
                Topic::of(name).unwrap().word
            );
        }
    }
    page
}

#[test]
fn the_chapter_of_dangers_says_what_the_rules_are() {
    let chapter = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHAPTER);
    if std::env::var_os("BOOK").is_some_and(|word| word == "overwrite") {
        std::fs::write(&chapter, page()).unwrap();
    }
    assert!(std::fs::read_to_string(&chapter).unwrap_or_default() == page(), "docs/src/dangers.md is not what the rules say");
}
