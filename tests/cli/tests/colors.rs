//! Colours are on terminals alone, unless a variable or an argument says otherwise: <https://no-color.org>, <https://bixense.com/clicolors>.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

#[allow(dead_code, reason = "what it says is of no interest here")]
mod place;

use std::process::{Command, Stdio};

use place::{Place, Said};

const PROGRAM: &str = env!("CARGO_BIN_EXE_migrate-cli-tests");

/// What decides. On a server of continuous integration, which `CI` says, each terminal shows colours, whatever `TERM` says.
const VARIABLES: [&str; 5] = ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "TERM", "CI"];

/// Of an environment.
type Variables = &'static [(&'static str, &'static str)];

/// Whether the results and the errors of a pipe are coloured.
fn piped(place: &Place, variables: &[(&str, &str)], more: &[&str]) -> (bool, bool) {
    let run = |arguments: &[&str]| {
        // A variable that is empty counts as none.
        let unset = VARIABLES.map(|name| (name, ""));
        place.start(PROGRAM, &[&unset[..], variables].concat(), &[arguments, more].concat())
    };
    let is_coloured = |text: &str| text.contains('\u{1b}');
    let (heads, wrong): (Said, Said) = (run(&["heads"]), run(&["show", "nope"]));
    assert_eq!((heads.status, wrong.status), (0, 2));
    (is_coloured(&heads.out), is_coloured(&wrong.err))
}

/// Whether a terminal is shown colours.
fn on_a_terminal(place: &Place, variables: &[(&str, &str)], more: &str) -> bool {
    let mut command = Command::new("script");
    command.args(["-q", "-e", "-c", &format!("'{PROGRAM}' heads {more}"), "/dev/null"]).current_dir(place.path());
    VARIABLES.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.env("TERM", "xterm").envs(variables.iter().copied()).stdin(Stdio::null());
    let said = command.output().expect("`script` is there").stdout;
    let said = String::from_utf8(said).expect("it is text");
    assert!(said.contains("m3_drop_all"), "{said}");
    said.contains('\u{1b}')
}

#[test]
fn a_pipe_has_colours_only_where_they_are_forced() {
    let place = Place::new();
    let cases: [(Variables, &[&str], bool); 9] = [
        (&[], &[], false),
        (&[("CLICOLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("CLICOLOR", "0")], &[], true),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], &[], false),
        (&[("CLICOLOR_FORCE", "1")], &["--color", "never"], false),
        (&[], &["--color", "always"], true),
        (&[("NO_COLOR", "1")], &["--color", "always"], true),
        (&[("CLICOLOR_FORCE", "1")], &["--format", "json"], false),
    ];
    for (variables, more, coloured) in cases {
        assert_eq!(piped(&place, variables, more), (coloured, coloured), "{variables:?} {more:?}");
    }
}

#[test]
fn a_terminal_has_colours_unless_they_are_off() {
    let place = Place::new();
    let cases: [(Variables, &str, bool); 8] = [
        (&[], "", true),
        (&[("TERM", "dumb"), ("CI", "true")], "", true),
        (&[("NO_COLOR", "1")], "", false),
        (&[("NO_COLOR", "")], "", true),
        (&[("CLICOLOR", "0")], "", false),
        (&[("TERM", "dumb")], "", false),
        (&[], "--color never", false),
        (&[("NO_COLOR", "1")], "--color always", true),
    ];
    for (variables, more, coloured) in cases {
        assert_eq!(on_a_terminal(&place, variables, more), coloured, "{variables:?} {more}");
    }
}
