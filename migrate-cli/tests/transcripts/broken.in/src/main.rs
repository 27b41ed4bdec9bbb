mod migrations;

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}
