//! Rule `raw_transaction`: a step is one transaction already

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

            sql "BEGIN; UPDATE users SET visits = 0; COMMIT" as nothing;
            sql "UPDATE users SET visits = 1" undo "ROLLBACK";
            sql { postgres: "SELECT 'COMMIT;'; START TRANSACTION", sqlite: "SAVEPOINT a" } as nothing;
        }
    }
}

fn main() {}
