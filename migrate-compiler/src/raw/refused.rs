//! Statements that raw SQL cannot have; each database lists its own.

use crate::problem::{Problem, Slot};
use crate::raw::statement::{RawStatement, is_word};
use migrate_history::sql::SqlToken;

/// A statement that is refused.
pub(crate) struct Refused {
    code: &'static str,
    form: StatementPattern,
    /// Why, after the statement's name.
    why: &'static str,
    /// What to write instead.
    help: &'static str,
}

/// How a refused statement is known.
pub(crate) enum StatementPattern {
    /// It begins with these keywords.
    Begins(&'static [&'static str]),
    /// It begins with the first, and has the second somewhere.
    Has(&'static [&'static str], &'static [&'static str]),
    /// It begins with the first, and the second is in the parentheses after it.
    Option(&'static str, &'static str),
    /// It is the first keywords alone.
    Whole(&'static [&'static str]),
    /// It has this character outside of strings.
    Character(char),
    /// Its first character is this one.
    First(char),
}

const fn refused(code: &'static str, form: StatementPattern, why: &'static str, help: &'static str) -> Refused {
    Refused { code, form, why, help }
}

/// Rule `raw_transaction`: a step and its row in the ledger are one transaction.
pub(crate) const fn transaction(form: StatementPattern) -> Refused {
    let why = "is not allowed: a migration already runs in transactions";
    refused("raw_transaction", form, why, "remove it: a failed statement rolls its step back")
}

/// Rule `raw_outside`: it cannot run inside a transaction, or does nothing there.
pub(crate) const fn outside(form: StatementPattern, help: &'static str) -> Refused {
    refused("raw_outside", form, "cannot run in a transaction, as migrations do", help)
}

/// Rule `raw_concurrently`: an index of the model is built concurrently where that is needed.
pub(crate) const fn concurrently(form: StatementPattern, help: &'static str) -> Refused {
    refused("raw_concurrently", form, "cannot run in a transaction, as migrations do", help)
}

/// Rule `raw_copy`: no client sends or reads the rows, so the statement would wait and hold its locks.
pub(crate) const fn copy(form: StatementPattern, why: &'static str, help: &'static str) -> Refused {
    refused("raw_copy", form, why, help)
}

/// Rule `raw_client`: a command of psql or of the sqlite3 shell.
pub(crate) const fn client(form: StatementPattern, help: &'static str) -> Refused {
    refused("raw_client", form, "is a command of a client program, not SQL", help)
}

/// What to do with a statement that no step can have.
pub(crate) const APART: &str =
    "write `run tidy outside of a transaction undo nothing \"…\";`, with a function `tidy` that executes it";

impl Refused {
    /// What is wrong with the statement, if it is this one.
    pub(super) fn check(&self, statement: &RawStatement<'_>) -> Option<Problem> {
        if !self.form.is(statement) {
            return None;
        }
        let message = format!("`{}` {}", self.form.name(statement), self.why);
        let help = self.help.replace("NAME", &statement.last_name());
        Some(Problem::new(self.code, Slot::statement(), message).help(help))
    }
}

impl StatementPattern {
    fn is(&self, statement: &RawStatement<'_>) -> bool {
        match self {
            StatementPattern::Begins(keywords) => statement.begins(keywords),
            StatementPattern::Has(keywords, more) => statement.begins(keywords) && statement.has(more),
            StatementPattern::Option(keyword, option) => {
                statement.begins(&[keyword]) && statement.options.iter().any(|token| is_word(*token, option))
            }
            StatementPattern::Whole(keywords) => {
                let verbose = |token: &SqlToken<'_>| is_word(*token, "VERBOSE");
                statement.begins(keywords) && statement.tokens[keywords.len()..].iter().all(verbose)
            }
            StatementPattern::Character(character) => statement.tokens.contains(&SqlToken::Symbol(*character)),
            StatementPattern::First(character) => statement.tokens.first() == Some(&SqlToken::Symbol(*character)),
        }
    }

    /// The statement's name, as it is shown.
    fn name(&self, statement: &RawStatement<'_>) -> String {
        match self {
            StatementPattern::Begins(keywords) | StatementPattern::Whole(keywords) => keywords.join(" "),
            StatementPattern::Has(keywords, more) if keywords == &["PRAGMA"] => format!("PRAGMA {}", more.join(" ")),
            StatementPattern::Option(keyword, option) => format!("{keyword} ({option})"),
            StatementPattern::Has(keywords, more) => format!("{} … {}", keywords.join(" "), more.join(" ")),
            StatementPattern::Character(character) | StatementPattern::First(character) => {
                let mut behind = statement.tokens.iter().skip_while(|token| **token != SqlToken::Symbol(*character)).skip(1);
                let command = behind.next().and_then(|token| if let SqlToken::Word(word) = token { Some(*word) } else { None });
                format!("{character}{}", command.unwrap_or_default())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::raw;
    use migrate_history::Database;
    use proptest::prelude::*;

    fn code(text: &str, database: Database) -> Option<&'static str> {
        raw::script(text, database).map(|problem| problem.code)
    }

    /// The statements of PostgreSQL that each rule refuses.
    const POSTGRES: &[(&str, &[&str])] = &[
        (
            "raw_transaction",
            &[
                "begin",
                "BEGIN WORK",
                "begin transaction isolation level serializable",
                "start transaction read only",
                "commit and chain",
                "end",
                "rollback to savepoint a",
                "abort",
                "savepoint a",
                "release a",
                "prepare transaction 'x'",
                "commit prepared 'x'",
            ],
        ),
        (
            "raw_concurrently",
            &[
                "create index concurrently i on t (a)",
                "create unique index concurrently if not exists i on t (a)",
                "drop index concurrently if exists i",
                "reindex table concurrently t",
                "reindex (concurrently, verbose) table t",
                "alter table t detach partition p concurrently",
            ],
        ),
        (
            "raw_outside",
            &[
                "vacuum",
                "vacuum (analyze) t",
                "create database d",
                "drop database d",
                "alter system set work_mem = '1MB'",
                "cluster",
                "cluster verbose",
                "create tablespace s location '/x'",
                "drop tablespace s",
                "alter database d set tablespace s",
                "reindex database d",
                "create subscription s connection 'x' publication p",
                "drop subscription s",
                "discard all",
            ],
        ),
        (
            "raw_copy",
            &[
                "copy t from stdin",
                "copy t (a, b) from stdin with (format csv)",
                "copy (select 1) to stdout",
                "copy t to STDOUT csv",
                "copy t from stdin;\n1\tit's\n\\.\n",
            ],
        ),
        ("raw_client", &["\\copy t from 'x'", "select 1;\n\\i file.sql"]),
    ];

    /// The same of SQLite.
    const SQLITE: &[(&str, &[&str])] = &[
        ("raw_transaction", &["begin immediate", "commit", "end transaction", "rollback", "savepoint a", "release a"]),
        ("raw_client", &[".read a.sql", "select 1;\n.quit"]),
        (
            "raw_outside",
            &[
                "vacuum",
                "vacuum into 'x'",
                "attach 'x' as y",
                "detach y",
                "pragma foreign_keys = off",
                "PRAGMA main.journal_mode=WAL",
                "pragma foreign_keys(0)",
            ],
        ),
    ];

    #[test]
    fn a_refused_statement_is_found_wherever_it_begins() {
        for (rule, texts) in POSTGRES {
            for text in *texts {
                let shouted = text.to_uppercase();
                for text in [(*text).to_owned(), shouted, format!("select 1; {text};"), format!("-- a\n/* b; */ {text} -- c")] {
                    assert_eq!(code(&text, Database::Postgres), Some(*rule), "{text}");
                }
            }
        }
        for (rule, texts) in SQLITE {
            for text in *texts {
                assert_eq!(code(text, Database::Sqlite), Some(*rule), "{text}");
            }
        }
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        let plain = [
            "select 'begin; commit'",
            "select $$ begin; commit; $$",
            "do $x$ begin perform 1; commit; end $x$",
            "select \"begin\" from t",
            "-- begin;\nselect 1",
            "/* commit; /* vacuum; */ begin; */ select 1",
            "select 1 as commit_count",
            "create table begin_log (a text)",
            "create function f() returns void language plpgsql as $$ begin perform 1; end; $$",
            "create function f() returns int begin atomic select 1; select case when true then 2 end; end",
            "comment on table t is 'copy t from stdin'",
            "copy t from '/tmp/x' csv",
            "copy (select a from stdin) to '/tmp/x'",
            "select E'\\'; begin; ' || 'x'",
            "prepare p as select 1",
            "cluster t using i",
            "reindex table t",
            "create index i on t (a)",
            "refresh materialized view concurrently v",
            "insert into t values ('\\copy')",
            "select a from b where c = $1 and d = 'x$$'",
        ];
        for text in plain {
            assert_eq!(code(text, Database::Postgres), None, "{text}");
        }
        let plain = [
            "create trigger x after insert on t begin update t set a = case when 1 then 2 end; delete from u; end",
            "create temp trigger if not exists x before delete on t when old.a > 1 begin select raise(abort, 'no'); end; select 1",
            "pragma user_version = 3",
            "pragma defer_foreign_keys = on",
            "select [begin; commit] from t",
            "reindex t",
            "select .5",
        ];
        for text in plain {
            assert_eq!(code(text, Database::Sqlite), None, "{text}");
        }
    }

    #[test]
    fn what_is_not_closed_is_an_error() {
        for text in ["select 'a", "select $x$ a $y$", "select /* a", "select (1", "select 1)", "select \"a"] {
            assert_eq!(code(text, Database::Postgres), Some("raw_unclosed"), "{text}");
            assert_eq!(raw::expression(text, Database::Postgres).map(|problem| problem.code), Some("raw_unclosed"), "{text}");
        }
        for text in ["a; b", "a -- b", "/* a */", "(a;)"] {
            assert_eq!(raw::expression(text, Database::Postgres).map(|problem| problem.code), Some("raw_expression"), "{text}");
        }
        for text in ["lower(a)", "a = ';'", "a /* -- */", "a -- b\n", "$$;$$"] {
            assert_eq!(raw::expression(text, Database::Postgres), None, "{text}");
        }
        assert_eq!(code("select 1 -- a", Database::Postgres), None);
    }

    proptest! {
        #[test]
        fn no_text_stops_it(text in "\\PC*|((begin|end|case|create|trigger|copy|from|stdin|['\"$;()\\[\\]\\\\]|--|/\\*|\\*/)[ \n]?)*") {
            for &database in Database::ALL {
                raw::script(&text, database);
                raw::expression(&text, database);
            }
        }

        #[test]
        fn a_string_hides_whatever_it_holds(text in "\\PC*", inner in "(begin|commit|vacuum|copy t from stdin|;|--|/\\*| )*") {
            let hidden = format!("select '{0}', \"x{0}\" /* */", format!("{inner}{text}").replace('\'', "''").replace('"', "\"\""));
            for &database in Database::ALL {
                prop_assert_eq!(code(&hidden, database), None, "{}", hidden);
            }
        }
    }
}
