//! A history of the one database that is built.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
