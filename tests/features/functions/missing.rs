//! A Rust function that does not exist.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key }
            run super::fill undo nothing "nothing to undo";
        }
    }
}

fn main() {}
