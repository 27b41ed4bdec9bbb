//! The program of the README and of the chapter "Getting started".

mod migrations;

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}

#[cfg(test)]
mod tests {
    use crate::migrations::HISTORY;
    use migrate::{Migrator, blocking};

    #[test]
    fn every_migration_goes_up_and_down_and_up_again() -> Result<(), Box<dyn std::error::Error>> {
        let file = std::env::temp_dir().join(format!("shop-{}.db", std::process::id()));
        let url = format!("sqlite:{}", file.display());
        for _ in HISTORY.migrations.iter() {
            blocking::upgrade(&url, &HISTORY, "+1")?;
            blocking::wait(Migrator::new(&HISTORY).accept_losses().downgrade(&url, "-1"))?;
            blocking::upgrade(&url, &HISTORY, "+1")?;
        }
        std::fs::remove_file(file)?;
        Ok(())
    }
}
