//! Rule `block_and_undo`: an `undo` after a block and after one of its actions

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        rules: allow(rename_column);
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

            alter table users {
                add age: integer? undo { drop age; };
                rename nickname to nick;
            } undo { rename nick to nickname; drop age; }
        }
    }
}

fn main() {}
