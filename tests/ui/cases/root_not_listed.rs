//! Rule `root_not_listed`: a migration without a parent that the history does not list

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key default uuid() }
        }
    }

    mod m2 {
        migrate::migration! {
            create table posts { id: uuid primary key default uuid() }
        }
    }
}

fn main() {}
