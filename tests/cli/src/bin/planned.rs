//! A program with a step whose guard may refuse it, and with raw SQL.
#![forbid(unsafe_code)]

mod migrations {
    migrate::history! {
        name: "planned";
        databases: postgres, sqlite;
        m1_users;
        m2_names;
        m3_raw;
    }

    mod m1_users {
        migrate::migration! {
            //! Users.
            create table users { id: bigint primary key, name: text? }
        }
    }

    mod m2_names {
        migrate::migration! {
            //! Everyone has a name.
            after super::m1_users;

            alter table users { alter name set not null; }
        }
    }

    mod m3_raw {
        migrate::migration! {
            //! What nobody reads.
            after super::m2_names;

            sql "SELECT 1" as nothing undo nothing "tested";
        }
    }
}

fn main() -> std::process::ExitCode {
    migrate::cli::main(&migrations::HISTORY)
}
