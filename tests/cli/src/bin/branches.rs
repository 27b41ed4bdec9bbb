//! A program whose history has branches that are not merged, and one that depends on the others.
#![forbid(unsafe_code)]

#[allow(dead_code, reason = "its `main` is a test of the macros")]
#[allow(clippy::expect_used, reason = "it is a test")]
#[path = "../../../ui/passes/branches_and_dependencies.rs"]
mod branches_and_dependencies;

fn main() -> std::process::ExitCode {
    migrate::cli::main(&branches_and_dependencies::migrations::HISTORY)
}
