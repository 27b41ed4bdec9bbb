//! `cargo run -p normalise-example -- upgrade head` migrates a SQLite file next to it, or the database that `DATABASE_URL` names.

fn main() -> std::process::ExitCode {
    migrate::cli::Cli::new(&normalise_example::migrations::HISTORY).default_database_url("sqlite:contacts.db").main()
}
