//! Rule `raw_unclosed`: what follows in a script would belong to it

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

            sql "UPDATE users SET nickname = 'it's'" as nothing;
            sql "DO $$ BEGIN PERFORM 1; END" as nothing;
            alter table users { add check (sql("visits > (1")); }
        }
    }
}

fn main() {}
