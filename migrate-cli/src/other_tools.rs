//! The commands of other tools, each with the command here that does the same.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use self::Here::{Everywhere, Nothing, Source};

/// What somebody types who knows another tool.
struct OtherVerb {
    said: &'static [&'static str],
    here: Here,
}

/// What is typed instead.
#[derive(Clone, Copy)]
enum Here {
    /// A command of a program, and of `cargo migrate`.
    Everywhere(&'static str),
    /// A command of `cargo migrate`, which writes source files.
    Source(&'static str),
    /// Nothing does it.
    Nothing(&'static str),
}

const fn verb(said: &'static [&'static str], here: Here) -> OtherVerb {
    OtherVerb { said, here }
}

/// sqlx 0.9, diesel 2.3, sea-orm 2, refinery 0.9, Alembic 1.20, Flask-Migrate, Django, Rails, Flyway, Liquibase, Prisma, Laravel, goose, dbmate, knex.
const OTHERS: &[OtherVerb] = &[
    verb(&["run", "up", "migrate", "apply", "deploy", "up-to", "update", "latest", "migrate:up"], Everywhere("upgrade")),
    verb(
        &["migrate run", "migrate up", "migration run", "migrate deploy", "migrate:latest", "db:migrate"],
        Everywhere("upgrade"),
    ),
    verb(&["up-by-one", "migrate:next"], Everywhere("upgrade --one")),
    verb(&["revert", "rollback", "undo", "down", "back", "unapply"], Everywhere("downgrade -1")),
    verb(
        &["migrate revert", "migrate down", "migration revert", "migrate:rollback", "migrate:down", "db:rollback"],
        Everywhere("downgrade -1"),
    ),
    verb(&["down-to", "rollback-to"], Everywhere("downgrade REVISION")),
    verb(
        &[
            "refresh",
            "migrate fresh",
            "migrate refresh",
            "migrate reset",
            "migrate:fresh",
            "migrate:refresh",
            "db:reset",
            "database reset",
        ],
        Everywhere("fresh"),
    ),
    verb(&["down-all", "drop-all", "clean", "migrate:reset"], Everywhere("reset")),
    verb(&["migration redo", "db:migrate:redo"], Everywhere("redo")),
    verb(&["info", "list", "ls", "pending", "showmigrations", "applied"], Everywhere("current")),
    verb(
        &[
            "migrate info",
            "migrate list",
            "migrate status",
            "migration list",
            "migration pending",
            "migrate:status",
            "db:migrate:status",
        ],
        Everywhere("current"),
    ),
    verb(&["log", "tree", "graph"], Everywhere("history --graph")),
    verb(&["sql", "sqlmigrate", "script", "print-schema", "dump", "dump-schema", "print_schema"], Everywhere("upgrade --sql")),
    verb(&["ensure_version", "ensure-version", "createcachetable", "init-ledger"], Everywhere("ensure-ledger")),
    verb(&["fake", "baseline", "adopt", "mark-applied", "override", "migrate resolve"], Everywhere("stamp REVISION")),
    verb(&["validate", "verify"], Everywhere("status --exit-code")),
    verb(&["dry-run", "preview", "diff"], Everywhere("plan")),
    verb(&["audit", "events"], Everywhere("journal")),
    verb(
        &["create", "make", "makemigrations", "make:migration", "generate", "add", "revision", "new"],
        Source("new \"MESSAGE\""),
    ),
    verb(
        &[
            "migrate add",
            "migrate generate",
            "migrate make",
            "migrate create",
            "migrate dev",
            "migration generate",
            "migration create",
        ],
        Source("new \"MESSAGE\""),
    ),
    verb(&["init"], Source("init")),
    verb(&["migrate init"], Source("init")),
    verb(&["check"], Source("check")),
    verb(&["lint"], Source("check")),
    verb(&["merge"], Source("merge")),
    verb(&["edit"], Source("edit")),
    verb(&["lock"], Source("lock")),
    verb(&["completions"], Source("completions bash")),
    verb(&["completion"], Source("completions bash")),
    verb(&["man"], Source("man")),
    verb(&["setup", "database setup", "migration setup"], Everywhere("upgrade")),
    verb(
        &["createdb", "database create", "db:create"],
        Nothing("`createdb` makes a PostgreSQL database, and `upgrade` the file of SQLite"),
    ),
    verb(
        &["drop", "dropdb", "database drop", "db:drop"],
        Nothing("`reset` undoes every migration, and `dropdb` drops a PostgreSQL database"),
    ),
    verb(&["prepare"], Nothing("migrations have no queries to prepare, and nothing must be built before `cargo check`")),
    verb(
        &["squash", "squashmigrations"],
        Nothing("`upgrade --atomic` applies a long history to a new database in one transaction"),
    ),
    verb(&["seed", "loaddata", "db:seed"], Nothing("a migration inserts rows with `insert into`")),
];

/// The line for somebody who typed a command of another tool.
pub(crate) fn help(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let next = arguments.iter().skip_while(|given| *given != word.as_str()).nth(1).and_then(|next| next.to_str());
    let both = next.map(|next| format!("{word} {next}"));
    let spoken = both.as_deref().into_iter().chain([word.as_str()]);
    spoken.into_iter().find_map(|said| Some(line(said, find(said)?)))
}

fn find(said: &str) -> Option<Here> {
    let found = OTHERS.iter().find(|other| other.said.contains(&said));
    found.map(|other| other.here)
}

fn line(said: &str, here: Here) -> String {
    match here {
        Everywhere(here) => format!("`{said}` is `{here}` here"),
        Source(here) => format!("`{said}` is `cargo migrate {here}` here"),
        Nothing(instead) => format!("no command is like `{said}`: {instead}"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::Arguments;

    /// The words of a line, as a shell gives them.
    fn words(line: &str) -> Vec<OsString> {
        let words = line.split_whitespace().map(|word| word.trim_matches('"').replace("REVISION", "m1"));
        [OsString::from("app")].into_iter().chain(words.map(OsString::from)).collect()
    }

    #[test]
    fn every_suggestion_can_be_typed() {
        for other in OTHERS {
            match other.here {
                Everywhere(here) => {
                    Arguments::try_parse_from(words(here)).unwrap_or_else(|error| panic!("{here}: {error}"));
                    #[cfg(feature = "source")]
                    crate::source::read(&words(here)).unwrap_or_else(|error| panic!("{here}: {error}"));
                }
                Source(here) => {
                    #[cfg(feature = "source")]
                    crate::source::read(&words(here)).unwrap_or_else(|error| panic!("{here}: {error}"));
                    let _ = here;
                }
                Nothing(_) => {}
            }
        }
    }

    #[test]
    fn every_word_of_another_tool_is_answered_in_one_line() {
        let all: Vec<&str> = OTHERS.iter().flat_map(|other| other.said).copied().collect();
        for said in &all {
            assert_eq!(all.iter().filter(|one| one == &said).count(), 1, "`{said}` is listed twice");
            let words = words(said);
            let error = Arguments::try_parse_from(&words).err().unwrap_or_else(|| panic!("`{said}` is a command here"));
            let line = help(&error, &words).unwrap_or_else(|| panic!("`{said}` is not answered: {error}"));
            assert!(line.contains(&format!("`{said}`")) && !line.contains('\n'), "{line}");
        }
    }

    #[test]
    fn two_words_are_read_before_one() {
        let said = |words: &[&str]| {
            let words: Vec<OsString> = ["app"].iter().chain(words).map(OsString::from).collect();
            help(&Arguments::try_parse_from(&words).expect_err("no command"), &words)
        };
        assert_eq!(said(&["migrate", "revert"]).as_deref(), Some("`migrate revert` is `downgrade -1` here"));
        assert_eq!(said(&["--quiet", "migrate", "--all"]).as_deref(), Some("`migrate` is `upgrade` here"));
        assert_eq!(said(&["makemigrations"]).as_deref(), Some("`makemigrations` is `cargo migrate new \"MESSAGE\"` here"));
        assert_eq!(said(&["upgrad"]), None);
    }
}
