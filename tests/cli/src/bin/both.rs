//! A program of both databases whose last migration fails, unless somebody has made what it needs.
#![forbid(unsafe_code)]

mod migrations {
    migrate::history! {
        name: "both";
        databases: postgres, sqlite;
        m1_notes;
        m2_needs;
    }

    mod m1_notes {
        migrate::migration! {
            //! Notes.
            create table notes { id: bigint primary key, body: text? }
        }
    }

    mod m2_needs {
        migrate::migration! {
            //! What nobody has made.
            after super::m1_notes;

            sql "INSERT INTO needed VALUES (1)" as nothing undo nothing "tested";
        }
    }
}

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}
