//! A program with raw SQL, and, where `EDITED` is set, with another `undo` for it than before.
#![forbid(unsafe_code)]

mod before {
    migrate::history! {
        name: "stated";
        databases: sqlite;
        m1_notes;
        m2_fill;
    }

    mod m1_notes {
        migrate::migration! {
            //! Notes.
            create table notes { id: bigint primary key, body: text? }
        }
    }

    mod m2_fill {
        migrate::migration! {
            //! Fill them.
            after super::m1_notes;
            sql "UPDATE notes SET body = upper(body)" as nothing undo "UPDATE notes SET body = lower(body)";
        }
    }
}

mod after {
    migrate::history! {
        name: "stated";
        databases: sqlite;
        m1_notes;
        m2_fill;
    }

    mod m1_notes {
        migrate::migration! {
            //! Notes.
            create table notes { id: bigint primary key, body: text? }
        }
    }

    mod m2_fill {
        migrate::migration! {
            //! Fill them.
            after super::m1_notes;
            sql "UPDATE notes SET body = upper(body)" as nothing undo "UPDATE notes SET body = 'undone'";
        }
    }
}

fn main() -> std::process::ExitCode {
    let history = if std::env::var_os("EDITED").is_some() { &after::HISTORY } else { &before::HISTORY };
    migrate::cli::Cli::new(history).default_database_url("sqlite:app.db").main()
}
