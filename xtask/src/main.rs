//! The commands of this repository: `cargo xtask test` does everything that must hold before a change lands.
#![forbid(unsafe_code)]

mod lanes;
mod servers;
mod step;

use std::process::{self, ExitCode};
use std::time::Instant;

use clap::{Parser, Subcommand};

use step::{NIGHTLY, STEPS, Step};

/// The commands of this repository.
#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// What is done.
#[derive(Subcommand)]
enum Command {
    /// How fast it is compared with its peers; writes `docs/benchmarks.md`
    Bench {
        /// What `migrate-benches` takes: `--rounds N`, `--only TEXT`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Everything that must hold before a change lands
    Test {
        /// Only the steps of these names
        #[arg(long, value_name = "NAME")]
        only: Vec<String>,
        /// The long forms instead: 2,000 random histories a database with a new seed, 300 storms, 50 kills, a cut at every message, and what squawk finds in the SQL
        #[arg(long)]
        nightly: bool,
        /// Go on after a step that fails
        #[arg(long)]
        keep_going: bool,
        /// Show the steps
        #[arg(long)]
        list: bool,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Bench { arguments } => bench(&arguments),
        Command::Test { only, nightly, keep_going, list } => test(if nightly { NIGHTLY } else { STEPS }, &only, keep_going, list),
    }
}

/// The benches, in a release build.
fn bench(arguments: &[String]) -> ExitCode {
    if let Err(message) = servers::see_to_them() {
        eprintln!("error: {message}");
        return ExitCode::FAILURE;
    }
    let mut command = process::Command::new("cargo");
    command.args(["run", "--release", "--locked", "-p", "migrate-benches", "--", "--write", "docs/benchmarks.md"]);
    match command.args(arguments).status() {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: cargo cannot be started: {error}");
            ExitCode::FAILURE
        }
    }
}

fn test(steps: &[Step], only: &[String], keep_going: bool, list: bool) -> ExitCode {
    if list {
        steps.iter().for_each(|step| println!("{:<10} {}", step.name, step.command.join(" ")));
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = only.iter().find(|name| !steps.iter().any(|step| step.name == **name)) {
        eprintln!("error: there is no step `{unknown}`; `cargo xtask test --list` shows them");
        return ExitCode::from(2);
    }
    if let Err(message) = servers::see_to_them() {
        eprintln!("error: {message}");
        return ExitCode::FAILURE;
    }
    let chosen = steps.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name));
    if chosen.clone().any(|step| step.needs_squawk()) {
        servers::see_to_squawk();
    }
    run(chosen, keep_going)
}

/// Runs the steps, and says at the end how each went.
fn run<'s>(steps: impl Iterator<Item = &'s Step>, keep_going: bool) -> ExitCode {
    let mut summary = Vec::new();
    let mut failed = false;
    for step in steps {
        println!("\n== {}: {}", step.name, step.command.join(" "));
        let start = Instant::now();
        let done = step.run();
        summary.push(format!(
            "{:<10} {:<7} {:>6.1} s",
            step.name,
            if done { "ok" } else { "FAILED" },
            start.elapsed().as_secs_f64()
        ));
        failed |= !done;
        if failed && !keep_going {
            break;
        }
    }
    println!("\n{}", summary.join("\n"));
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
