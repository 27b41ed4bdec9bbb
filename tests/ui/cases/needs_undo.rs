//! Rule `needs_undo`: a downgrade that has no value for existing rows

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
            }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users {
                #[allow(drop_column, reason = "unused since 2.3")]
                drop email;
            }
        }
    }
}

fn main() {}
