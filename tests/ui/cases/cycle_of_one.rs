//! Rule `cycle_of_one`: a migration that comes after itself

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            after super::m1;
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
