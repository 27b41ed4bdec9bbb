//! Rule `raw_concurrently`: an index of the model is built concurrently where that is needed

mod migrations {
    migrate::history! {
        databases: postgres;
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

            sql "CREATE INDEX CONCURRENTLY i ON users (nickname)" as { create index i on users (nickname); };
            sql "-- by hand\nDROP INDEX CONCURRENTLY IF EXISTS i" as nothing;
            sql "REINDEX (CONCURRENTLY) TABLE users" as nothing;
        }
    }
}

fn main() {}
