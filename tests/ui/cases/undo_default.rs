//! Rule `undo_default`: an `undo default` that does not follow the drop of a column

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

            alter table users { add age: integer? undo default 5; }
        }
    }
}

fn main() {}
