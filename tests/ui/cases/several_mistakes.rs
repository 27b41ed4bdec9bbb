//! Rule `several_mistakes`: each is one error, and all are reported

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
        m3;
    }

    mod m1 {
        migrate::migration! {
            create table users {
                id: uuid primary key default uuid(),
                email: text unique,
                nickname: text?,
                visits: integer default 0,
            }

            create table posts {
                id: bigint primary key identity,
                user_id: uuid references users on delete cascade,
                title: text,
            }

            create index on posts (title);
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table usres { add age: integer?; }
            alter table users { add email: text?; }
            drop index posts_titel_idx;
        }
    }

    mod m3 {
        migrate::migration! {
            after super::m2;
            alter table users { drop constraint nothing; }
        }
    }
}

fn main() {}
