//! Rule `parent_not_listed`: a parent that the history does not list

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m3;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key default uuid() }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { add age: integer?; }
        }
    }

    mod m3 {
        migrate::migration! {
            after super::m2;

            alter table users { drop age; }
        }
    }
}

fn main() {}
