//! `cargo migrate`: the command line of a history, from its source files.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    migrate_cli::source::main()
}
