//! The book's chapter of dangers is made of the rules themselves.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use std::fmt::Write;
use std::path::Path;

use migrate_compiler::lint::{Group, RULES, Rule, Severity};
use migrate_compiler::rule::Topic;

const CHAPTER: &str = "../../docs/src/dangers.md";

const HEAD: &str = r#"# Dangers

A migration that compiles may still hurt whoever uses the database. What the compiler can make harmless by itself it does: on PostgreSQL a table that existed before the
migration is changed beside its readers and writers (an index is built concurrently, a constraint is validated in a step of its own, a new value is filled in batches). What
it cannot make harmless is an error with the recipe, until somebody accepts it:

```rust,ignore
#[allow(rename_column, reason = "nothing uses it yet")]
alter table users { rename nickname to nick; }
```

What the migration itself makes is free of all this: nobody uses it yet. A history says which rules count, one by one or by their group, and what is said later wins:

```rust,ignore
migrate::history! {
    databases: postgres;
    rules: deny(style), allow(rename_column);
    // …
}
```

On SQLite a change locks the whole file, and a table that is built anew keeps it locked until every row is copied. So there the rules about locks and rewrites have nothing to
say: whoever waits on SQLite waits for any writer.

The locks were measured on PostgreSQL 11 to 18. This page is made of the rules in the code: `BOOK=overwrite cargo test -p migrate-ui-tests --test dangers` writes it anew.
"#;

fn page() -> String {
    let mut page = HEAD.to_owned();
    for group in Group::ALL {
        let mut rules: Vec<&Rule> = RULES.iter().copied().flatten().filter(|rule| rule.group == *group).collect();
        rules.sort_by_key(|rule| rule.name);
        let _ = write!(page, "\n## {}: {}\n", group.word(), group.about());
        for Rule { name, severity, about, lock, instead, .. } in rules {
            let severity = match severity {
                Severity::Deny => "an error",
                Severity::Allow => "silent, unless the history denies it",
            };
            let _ = write!(
                page,
                "\n### {name}\n\n{about}. It is {severity}; [the error](errors-{}.md#{name}).\n\n- Locked: {lock}.\n- Instead: {instead}.\n",
                Topic::of(name).word
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
