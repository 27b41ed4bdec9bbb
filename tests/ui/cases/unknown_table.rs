//! Rule `unknown_table`: a table that does not exist, or not yet

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
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table usres { add age: integer?; }

            create table orders { id: bigint primary key, last_item: bigint? references items on delete set null }

            create table items { id: bigint primary key, of: bigint references orders }
        }
    }
}

fn main() {}
