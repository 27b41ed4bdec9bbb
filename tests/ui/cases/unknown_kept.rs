//! Rule `unknown_kept`: a `restore` of what is not kept

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

            #[allow(drop_column, reason = "unused since 2.3")]
            alter table users { drop nickname keep data; }
            alter table users { restore nick_name; }
            restore table audit;
        }
    }
}

fn main() {}
