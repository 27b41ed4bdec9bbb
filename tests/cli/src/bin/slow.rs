//! A program of both databases that takes as long as the table `slow` says: `seconds` on PostgreSQL, `rows` on SQLite.
#![forbid(unsafe_code)]

mod migrations {
    migrate::history! {
        name: "slow";
        databases: postgres, sqlite;
        m1_slow;
        m2_waits;
        m3_last;
    }

    mod m1_slow {
        migrate::migration! {
            //! How slow it is.
            create table slow { seconds: integer, rows: integer }
        }
    }

    mod m2_waits {
        migrate::migration! {
            //! Takes its time.
            after super::m1_slow;

            sql {
                postgres: "SELECT pg_sleep(seconds) FROM slow",
                sqlite: "UPDATE slow SET rows = (WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < (SELECT rows FROM slow)) SELECT max(i) FROM n)",
            } as nothing undo nothing "tested";
        }
    }

    mod m3_last {
        migrate::migration! {
            //! The end.
            after super::m2_waits;

            create table last { n: integer }
        }
    }
}

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}
