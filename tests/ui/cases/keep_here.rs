//! Rule `keep_here`: a `keep data` that does not follow a drop, `update` or `delete`

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
            create table audit { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { add age: integer? keep data; }
            create index on users (email) keep data;
            truncate audit keep data;
        }
    }
}

fn main() {}
