//! Statements of raw SQL that are dangerous for running instances of the application.

use migrate_history::Database;
use migrate_history::sql::tokens;

use super::statement::{RawStatement, is_word, statements};

/// Something dangerous in raw SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Danger {
    /// An index is built, which blocks writes.
    Index,
    /// A table is locked.
    Lock,
    /// A table, a column or a whole schema goes.
    Drop,
    /// A table is emptied.
    Truncate,
    /// A table is rewritten.
    Rewrite,
}

/// What is dangerous in a text, each once.
pub(crate) fn dangers(text: &str, database: Database) -> Vec<Danger> {
    let (tokens, _) = tokens(text, database);
    let mut found: Vec<Danger> = statements(&tokens).0.iter().filter_map(danger).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn danger(statement: &RawStatement<'_>) -> Option<Danger> {
    let begins = |keywords: &[&str]| statement.begins(keywords);
    let alters = |keywords: &[&str]| begins(&["ALTER", "TABLE"]) && statement.has(keywords);
    let drops: [&[&str]; 7] = [
        &["DROP", "TABLE"],
        &["DROP", "VIEW"],
        &["DROP", "MATERIALIZED", "VIEW"],
        &["DROP", "SCHEMA"],
        &["DROP", "TYPE"],
        &["DROP", "OWNED"],
        &["DROP", "DATABASE"],
    ];
    if begins(&["CREATE", "INDEX"]) || begins(&["CREATE", "UNIQUE", "INDEX"]) || begins(&["REINDEX"]) {
        return Some(Danger::Index);
    }
    if begins(&["LOCK"]) {
        return Some(Danger::Lock);
    }
    if drops.iter().any(|keywords| begins(keywords)) || begins(&["ALTER", "TABLE"]) && drops_column(statement) {
        return Some(Danger::Drop);
    }
    if begins(&["TRUNCATE"]) {
        return Some(Danger::Truncate);
    }
    let rewrites: [&[&str]; 5] =
        [&["SET", "LOGGED"], &["SET", "UNLOGGED"], &["SET", "TABLESPACE"], &["SET", "ACCESS"], &["TYPE"]];
    (begins(&["CLUSTER"]) || rewrites.iter().any(|keywords| alters(keywords))).then_some(Danger::Rewrite)
}

/// Whether an `ALTER TABLE` drops a column, with the word `COLUMN` or without it.
fn drops_column(statement: &RawStatement<'_>) -> bool {
    let others = ["CONSTRAINT", "DEFAULT", "NOT", "IDENTITY", "EXPRESSION"];
    statement.tokens.windows(2).any(|pair| is_word(pair[0], "DROP") && !others.iter().any(|other| is_word(pair[1], other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dangerous_is_seen_whatever_stands_beside_it() {
        let cases: &[(&str, &[Danger])] = &[
            ("create unique index i on t (a)", &[Danger::Index]),
            ("LOCK TABLE t IN SHARE MODE; truncate t", &[Danger::Lock, Danger::Truncate]),
            ("alter table t drop column a", &[Danger::Drop]),
            ("drop table if exists t cascade", &[Danger::Drop]),
            ("alter table t drop a", &[Danger::Drop]),
            ("alter table t drop constraint a, alter b drop not null", &[]),
            ("drop view if exists v", &[Danger::Drop]),
            ("alter table t alter a type bigint", &[Danger::Rewrite]),
            ("alter table t set access method heap", &[Danger::Rewrite]),
            ("alter table t set unlogged", &[Danger::Rewrite]),
            ("insert into t values ('drop table t')", &[]),
            ("-- drop table t\nselect 1", &[]),
            ("create table index (a integer)", &[]),
        ];
        for (text, found) in cases {
            assert_eq!(dangers(text, Database::Postgres), *found, "{text}");
        }
    }
}
