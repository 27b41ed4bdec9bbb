//! Rule `unknown_database_in_history`: a history for a database that is not known.

mod migrations {
    migrate::history! {
        databases: postgress, sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
