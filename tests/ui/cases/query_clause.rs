//! Rule `query_clause`: a clause that a query does not have

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

            delete from users where id in (select user_id from posts union select user_id from counts);
            delete from users where id in (select posts.user_id from posts, counts);
            delete from users where id in (select posts.user_id from posts join counts using (user_id));
            delete from users where id in (select posts.user_id from posts cross join counts);
            delete from users where id in (select posts.user_id from posts right join counts on true);
            delete from users where id in (select id from (select id from users) as u);
            update counts set title = (select distinct on (user_id) title from posts);
        }
    }
}

fn main() {}
