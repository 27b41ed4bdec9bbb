//! `completions` and `man`: made of the arguments themselves.

use std::io;
use std::process::ExitCode;

use clap::CommandFactory;
use clap_complete::Shell;

use super::arguments::SourceArguments;
use crate::failure::Failure;

/// The completions of a shell.
pub(super) fn completions(shell: Shell) -> Result<ExitCode, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut SourceArguments::command(), "cargo-migrate", &mut text);
    print(&text)
}

/// The manual page.
pub(super) fn manual() -> Result<ExitCode, Failure> {
    let mut text = Vec::new();
    clap_mangen::Man::new(SourceArguments::command()).render(&mut text)?;
    print(&text)
}

/// What another program reads: a shell, or `man`.
fn print(text: &[u8]) -> Result<ExitCode, Failure> {
    use io::Write;
    let mut out = io::stdout();
    out.write_all(text)?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
