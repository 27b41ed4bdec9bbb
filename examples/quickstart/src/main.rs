//! A history of two migrations, and the command line that comes with one line of `main`.
//!
//! `cargo run -p quickstart -- upgrade head` needs no server: without `DATABASE_URL` it migrates a SQLite file next to it.

mod migrations;

fn main() -> std::process::ExitCode {
    migrate::cli::Cli::new(&migrations::HISTORY).default_database_url("sqlite:quickstart.db").main()
}
