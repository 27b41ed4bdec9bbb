//! Rule `planned`: a word of the language that is not built yet

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
            depends on super::m1;
            after super::m1;
            label "billing";

            create enum mood ("good", "bad");

            insert into users (email) values ("a@b.c");

            alter table users {
                drop nickname keep data;
                add domain: text generated as (lower(email));
                add country: text collate "C";
                add size: mysql::mediumint;
                add check (email in (select email from posts));
                add exclude using gist (id with =);
            }

            #[set(work_mem = "1GB")]
            create index on users (nickname);
        }
    }
}

fn main() {}
