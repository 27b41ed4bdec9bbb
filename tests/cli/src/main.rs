//! A program with something to lose, with something that never comes back, and, where `MIGRATIONS` says how many it has, older
//! than its database.
#![forbid(unsafe_code)]

use migrate::History;

mod migrations {
    migrate::history! {
        name: "losing";
        databases: sqlite;
        m1_notes;
        m2_drop_body;
        m3_drop_all;
    }

    mod m1_notes {
        migrate::migration! {
            //! Notes.
            create table notes { id: bigint primary key, body: text? }
        }
    }

    mod m2_drop_body {
        migrate::migration! {
            //! Nobody writes bodies.
            //!
            //! They were empty since 2.3.

            after super::m1_notes;

            alter table notes {
                #[allow(drop_column, reason = "tested")]
                drop body;
            }
        }
    }

    mod m3_drop_all {
        migrate::migration! {
            //! Away with it.

            after super::m2_drop_body;

            #[allow(drop_table, reason = "tested")]
            drop table notes irreversible "nobody may read them again";
        }
    }
}

fn main() -> std::process::ExitCode {
    migrate::cli::Cli::new(known()).default_database_url("sqlite:app.db").main()
}

/// The first so many migrations of the history.
fn known() -> &'static History {
    let wanted = std::env::var("MIGRATIONS").ok().and_then(|count| count.parse().ok());
    let Some(count) = wanted else { return &migrations::HISTORY };
    let mut history = migrations::HISTORY.clone();
    history.migrations.to_mut().truncate(count);
    Box::leak(Box::new(history))
}
