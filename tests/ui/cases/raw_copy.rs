//! Rule `raw_copy`: nobody sends the rows

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

            sql "COPY users (id, email) FROM STDIN WITH (FORMAT csv)" as nothing;
            sql "COPY (SELECT id FROM users) TO STDOUT" as nothing;
        }
    }
}

fn main() {}
