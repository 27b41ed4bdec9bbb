//! Rule `query_parens`: a query without parentheses of its own

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

            update counts set posts = select count(*) from posts;
            update counts set posts = coalesce(select count(*) from posts);
            delete from users where id = any (select user_id from posts);
        }
    }
}

fn main() {}
