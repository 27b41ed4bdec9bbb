//! Rule `name_reserved`: a name that a database keeps for itself

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

            alter table users { add xmin: integer?; }

            create table sqlite_notes { id: uuid primary key }
            create table _migrate_new_notes { id: uuid primary key }
        }
    }
}

fn main() {}
