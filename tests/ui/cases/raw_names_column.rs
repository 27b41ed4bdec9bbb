//! Rule `raw_names_column`: a renamed or retyped column that the raw SQL of a check may use

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

            alter table users { add check (sql("visits >= 0")); }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { alter visits type bigint; }
            alter table users { rename visits to seen; }
        }
    }
}

fn main() {}
