//! Rule `said_twice`: a setting said twice.

mod migrations {
    migrate::history! {
        databases: postgres;
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
