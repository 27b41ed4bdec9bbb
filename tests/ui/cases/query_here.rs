//! Rule `query_here`: a query in what is kept in the schema

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key, email: text unique, nickname: text?, visits: integer default 0, active: boolean }
            create table posts {
                id: bigint primary key,
                user_id: bigint references users,
                title: text,
                likes: integer?,
                place: integer,
                unique (user_id, place),
            }
            create table counts { user_id: bigint primary key, email: text?, posts: bigint default 0, best: integer?, title: text? }

            alter table users { alter visits set default (select count(*) from posts); }
            alter table users { add check (exists (select 1 from posts)); }
            alter table users { alter active type bigint using (select max(likes) from posts); }
            create index on users ((id in (select user_id from posts)));
            create index on users (email) where id in (select user_id from posts);
        }
    }
}

fn main() {}
