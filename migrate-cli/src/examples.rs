//! An example of each command, for `--help` and the book: a line that can be typed, and that a test reads as it stands.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use clap::{CommandFactory, FromArgMatches};

/// What is typed after the program's name.
struct VerbExample {
    verb: &'static str,
    lines: &'static [&'static str],
}

const fn example(verb: &'static str, lines: &'static [&'static str]) -> VerbExample {
    VerbExample { verb, lines }
}

/// The commands that a program and `cargo migrate` have. Those of `cargo migrate` alone have theirs where they are defined.
const EXAMPLES: &[VerbExample] = &[
    example("upgrade", &["upgrade", "upgrade +1 --dry-run"]),
    example("downgrade", &["downgrade -1", "downgrade base --yes"]),
    example("current", &["current"]),
    example("history", &["history --graph"]),
    example("redo", &["redo --yes"]),
    example("reset", &["reset --yes"]),
    example("fresh", &["fresh --yes"]),
    example("switch", &["switch --yes"]),
    example("stamp", &["stamp head"]),
    example("ensure-ledger", &["ensure-ledger"]),
    example("protect", &["protect", "protect --off"]),
    example("repair", &["repair", "repair m20261122_090000_create_users --yes"]),
    example("heads", &["heads"]),
    example("branches", &["branches"]),
    example("show", &["show head"]),
    example("status", &["status --exit-code"]),
    example("plan", &["plan", "plan -1"]),
    example("kept", &["kept"]),
    example("purge", &["purge users._kept_nickname"]),
    example("journal", &["journal --limit 5"]),
    example("explain", &["explain rename_column"]),
];

/// The line above the examples.
const HEAD: &str = "Example:";

/// Reads arguments, the program's name first; each command has its example in its help.
pub(crate) fn parse<T: CommandFactory + FromArgMatches>(words: &[OsString], program: &str) -> Result<T, clap::Error> {
    let mut command = with_examples(T::command(), program);
    let mut matches = command.try_get_matches_from_mut(words)?;
    T::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// The commands with their examples, of a program of this name.
pub(crate) fn with_examples(command: clap::Command, program: &str) -> clap::Command {
    command.mut_subcommands(|verb| match EXAMPLES.iter().find(|one| one.verb == verb.get_name()) {
        Some(one) => {
            let lines: Vec<String> = one.lines.iter().map(|line| format!("\n  {program} {line}")).collect();
            verb.after_help(format!("{HEAD}{}", lines.concat()))
        }
        None => verb,
    })
}

/// The name of the program, as a shell finds it.
pub(crate) fn program(words: &[OsString]) -> String {
    let name = words.first().map(Path::new).and_then(Path::file_stem);
    name.map(OsStr::to_string_lossy).map_or_else(|| "app".to_owned(), |name| name.into_owned())
}

#[cfg(test)]
#[cfg(feature = "source")]
mod tests {
    use std::fmt::Write;
    use std::path::PathBuf;

    use super::*;
    use crate::arguments::Arguments;
    use crate::source;

    /// The examples in the help of a command.
    fn lines(verb: &clap::Command) -> Vec<String> {
        let help = verb.get_after_help().map(ToString::to_string).unwrap_or_default();
        let examples = help.lines().skip_while(|line| *line != HEAD).skip(1).take_while(|line| line.starts_with("  "));
        examples.map(|line| line.trim().to_owned()).collect()
    }

    /// The words of a line as a shell gives them, without the program's, up to where the shell passes the result on.
    fn words(line: &str, program: &str) -> Vec<OsString> {
        let rest = line.strip_prefix(program).unwrap_or_else(|| panic!("`{line}` does not begin with `{program}`"));
        let command = rest.split(['>', '|']).next().unwrap_or_default();
        let quoted = command.split('"').enumerate().flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().collect::<Vec<_>>(),
            _ => vec![part],
        });
        ["app"].into_iter().chain(quoted).map(OsString::from).collect()
    }

    /// Reads the examples of every command; how many there are.
    fn walk(commands: &clap::Command, program: &str, read: impl Fn(&[OsString]) -> Result<(), clap::Error>) -> usize {
        let verbs: Vec<&clap::Command> = commands.get_subcommands().filter(|verb| verb.get_name() != "help").collect();
        for verb in &verbs {
            let examples = lines(verb);
            assert!(!examples.is_empty(), "`{}` has no example", verb.get_name());
            for line in examples {
                let words = words(&line, program);
                assert_eq!(words[1], verb.get_name(), "`{line}` is an example of another command");
                read(&words).unwrap_or_else(|error| panic!("`{line}` cannot be read: {error}"));
            }
        }
        verbs.len()
    }

    #[test]
    fn every_command_has_an_example_that_can_be_typed() {
        let commands = with_examples(Arguments::command(), "shop");
        let of_program = walk(&commands, "shop", |words| parse::<Arguments>(words, "shop").map(drop));
        let of_source = walk(&source::commands(), "cargo migrate", source::read);
        assert_eq!(of_program, EXAMPLES.len(), "an example is of no command");
        assert!(of_source > of_program, "`cargo migrate` has all commands of a program, and its own");
    }

    #[test]
    fn the_words_of_a_line_are_those_of_a_shell() {
        assert_eq!(words("app new \"add users\" --edit > x", "app"), ["app", "new", "add users", "--edit"]);
    }

    /// `BOOK=overwrite cargo test -p migrate-cli --lib book` writes the table.
    #[test]
    fn the_book_has_the_examples() {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/src/command-line.md");
        let page = std::fs::read_to_string(&path).expect("the page");
        let (before, rest) = page.split_once("<!-- from examples -->\n").expect("the place of the table");
        let (_, after) = rest.split_once("<!-- end -->").expect("the end of the table");
        let mut table = "| command | example |\n|---|---|\n".to_owned();
        for verb in source::commands().get_subcommands() {
            let lines: Vec<String> = lines(verb).iter().map(|line| format!("`{}`", line.replace('|', "\\|"))).collect();
            let _ = writeln!(table, "| `{}` | {} |", verb.get_name(), lines.join("<br>"));
        }
        let written = format!("{before}<!-- from examples -->\n{table}<!-- end -->{after}");
        if std::env::var_os("BOOK").is_some_and(|word| word == "overwrite") {
            std::fs::write(&path, &written).expect("the page can be written");
        }
        let page = std::fs::read_to_string(&path).expect("the page");
        assert!(page == written, "the examples of docs/src/command-line.md are not those of `--help`");
    }
}
