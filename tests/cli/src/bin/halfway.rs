//! A program of both databases with a migration of two steps, the second of which fails in the middle of a table for some rows.
#![forbid(unsafe_code)]

mod migrations {
    migrate::history! {
        name: "halfway";
        databases: postgres, sqlite;
        m1_notes;
        m2_sizes;
    }

    mod m1_notes {
        migrate::migration! {
            //! Notes.
            create table notes { id: bigint primary key, size: bigint, small: check (size < 10) }
        }
    }

    mod m2_sizes {
        migrate::migration! {
            //! Sizes.
            after super::m1_notes;

            alter table notes { add body: text?; }
            backfill notes set size = id in batches of 1 undo nothing "tested";
        }
    }
}

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}
