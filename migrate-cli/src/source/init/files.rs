//! The texts that `init` writes.

use migrate_history::Database;

/// What `cargo new` writes into `src/main.rs`.
const HELLO: &str = "fn main() {\n    println!(\"Hello, world!\");\n}\n";

/// What the texts depend on.
pub(super) struct Templates<'t> {
    /// The module of the migrations.
    pub module: &'t str,
    /// The databases that they are for.
    pub databases: &'t [Database],
}

/// What the file that declares the module is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CrateRoot {
    /// A program.
    Program,
    /// A library.
    Library,
}

/// What becomes of the file that declares the module.
pub(super) enum Main {
    /// It declares it already.
    Written,
    /// Its new text, and what only the user can write.
    Text {
        /// The text.
        text: String,
        /// The lines that call the command line, where the file has a `main` of its own.
        left: Option<String>,
    },
}

impl Templates<'_> {
    /// The file with `history!`.
    pub fn history(&self, first: &str) -> String {
        let databases: Vec<&str> = self.databases.iter().map(|database| database.word()).collect();
        format!(
            "//! The migrations of the database.\n\nmigrate::history! {{\n    databases: {};\n    mod {first};\n}}\n",
            databases.join(", ")
        )
    }

    /// A first migration, to be changed.
    pub fn first_migration(&self) -> String {
        "migrate::migration! {\n    //! Create users.\n\n    create table users {\n        id: bigint primary key identity,\n        \
         name: text,\n        created_at: timestamptz default now(),\n    }\n}\n"
            .to_owned()
    }

    /// A line of `.env`.
    pub fn env(&self) -> String {
        let url = self.databases.first().map_or("", |database| database.local_url());
        format!("# The database that is migrated. Copy this file to .env, which is not checked in.\nDATABASE_URL={url}\n")
    }

    /// The file that declares the module of the migrations.
    pub fn main(&self, text: &str, root: CrateRoot) -> Main {
        let module = self.module;
        let line = format!("migrate::cli::main(&{module}::HISTORY)");
        let main = format!("fn main() -> std::process::ExitCode {{\n    {line}\n}}\n");
        if migrate_source::declares(text, module) {
            return Main::Written;
        }
        if root == CrateRoot::Library {
            return Main::Text { text: with_module(text, &format!("pub mod {module};\n")), left: None };
        }
        if text.trim().is_empty() || text == HELLO {
            return Main::Text { text: format!("mod {module};\n\n{main}"), left: None };
        }
        let left = (!text.contains("cli::main")).then_some(main);
        Main::Text { text: with_module(text, &format!("mod {module};\n")), left }
    }
}

/// The file with one more line before its first item, after what is said of the file itself.
fn with_module(text: &str, line: &str) -> String {
    match migrate_source::first_item(text) {
        Some(at) => {
            let at = text[..at].rfind('\n').map_or(0, |end| end + 1);
            format!("{}{line}\n{}", &text[..at], &text[at..])
        }
        None => format!("{text}{line}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_wrote_stays() {
        let templates = Templates { module: "migrations", databases: Database::ALL };
        let own = "//! An app.\n#![forbid(unsafe_code)]\n\nuse std::io;\n\nfn main() {}\n";
        let Main::Text { text, left } = templates.main(own, CrateRoot::Program) else { panic!("it declares no module") };
        assert_eq!(text, "//! An app.\n#![forbid(unsafe_code)]\n\nmod migrations;\n\nuse std::io;\n\nfn main() {}\n");
        assert!(left.is_some_and(|left| left.contains("migrate::cli::main(&migrations::HISTORY)")));
        assert!(matches!(templates.main(&text, CrateRoot::Program), Main::Written));
        let own = "#![allow(\n    clippy::all,\n)]\n// A line.\n/// Docs.\n#[tokio::main]\nfn main() {}\n";
        let Main::Text { text, .. } = templates.main(own, CrateRoot::Program) else { panic!("it declares no module") };
        assert_eq!(
            text,
            "#![allow(\n    clippy::all,\n)]\n// A line.\nmod migrations;\n\n/// Docs.\n#[tokio::main]\nfn main() {}\n"
        );
        assert!(matches!(templates.main("pub(crate) mod migrations;", CrateRoot::Program), Main::Written));
        let Main::Text { text, left: None } = templates.main(HELLO, CrateRoot::Program) else { panic!("nothing is left to do") };
        assert!(text.starts_with("mod migrations;\n\nfn main() -> std::process::ExitCode"));
    }
}
