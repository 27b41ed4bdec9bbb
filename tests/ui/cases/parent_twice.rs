//! Rule `parent_twice`: a parent named twice

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1, super::m1;
        }
    }
}

fn main() {}
