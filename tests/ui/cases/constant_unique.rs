//! Rule `constant_unique`: a unique key over a column that has the same value in every row

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users {
                id: uuid primary key default uuid(),
                email: text,
                nickname: text?,
            }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { add code: integer default 5 unique; }
        }
    }
}

fn main() {}
