//! How fast it is, compared with its peers in the same run.
//!
//! Each piece of work is done by every contestant in turn, several times over, so that a noisy machine disturbs them alike; what
//! is shown is the median, the spread, and the ratio to ours. Nothing here is a test: no duration is asserted anywhere.
#![forbid(unsafe_code)]

mod backfill;
mod compile;
mod contestant;
mod delay;
mod machine;
mod plan;
mod program;
mod report;
mod runtime;
mod sample;
mod tables;
mod waits;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use report::Report;

/// What went wrong, in words.
type Result<T, E = Box<dyn Error + Send + Sync>> = std::result::Result<T, E>;

/// Measures migrate and its peers
#[derive(Clone, Debug, Parser)]
struct Arguments {
    /// Only to see that everything runs: a few migrations, once
    #[arg(long)]
    smoke: bool,
    /// How often each contestant does each piece of work
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// The long form: tables of ten million rows too
    #[arg(long)]
    long: bool,
    /// Only the work whose name holds this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write the results to this file, as Markdown
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

impl Arguments {
    /// Whether a piece of work is asked for.
    fn wants(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|text| name.contains(text.as_str()))
    }

    /// As many as asked for, or a few.
    fn count(&self, full: usize) -> usize {
        if self.smoke { full.min(3) } else { full }
    }

    fn rounds(&self) -> usize {
        if self.smoke { 1 } else { self.rounds.max(1) }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(&Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(arguments: &Arguments) -> Result<()> {
    let mut report = Report::default();
    runtime::measure(arguments, &mut report).await?;
    plan::measure(arguments, &mut report)?;
    backfill::measure(arguments, &mut report).await?;
    waits::measure(arguments, &mut report).await?;
    compile::measure(arguments, &mut report)?;
    tables::measure(arguments, &mut report)?;
    program::measure(arguments, &mut report).await?;
    if let Some(file) = &arguments.write {
        // A part of the results must not stand for all of them.
        let page = match arguments.only {
            None => report.markdown(),
            Some(_) => report.updated(&std::fs::read_to_string(file)?),
        };
        std::fs::write(file, page)?;
        println!("written to {}", file.display());
    }
    // So few rows on whatever machine runs the tests say nothing.
    if arguments.smoke { Ok(()) } else { report.goals() }
}
