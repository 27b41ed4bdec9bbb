//! Rule `cycle`: two migrations that come after each other

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            after super::m2;
            create table users { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { add age: integer?; }
        }
    }
}

fn main() {}
