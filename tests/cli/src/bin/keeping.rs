//! A program that keeps what it drops.
#![forbid(unsafe_code)]

mod migrations {
    migrate::history! {
        name: "keeping";
        databases: postgres, sqlite;
        m1_notes;
        m2_keep;
    }

    mod m1_notes {
        migrate::migration! {
            //! Notes.
            create table notes { id: bigint primary key, body: text? }
            create table audit { id: bigint primary key }
        }
    }

    mod m2_keep {
        migrate::migration! {
            //! Nobody writes bodies.
            after super::m1_notes;

            alter table notes {
                #[allow(drop_column, reason = "tested")]
                drop body keep data;
            }
            #[allow(drop_table, reason = "tested")]
            drop table audit keep data;
        }
    }
}

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}
