//! Rule `database_twice_in_history`: a history that names a database twice.

mod migrations {
    migrate::history! {
        databases: postgres, sqlite, postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
