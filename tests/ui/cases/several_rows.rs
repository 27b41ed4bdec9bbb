//! Rule `several_rows`: a query that may give several rows where one value is expected

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

            update counts set title = (select title from posts where posts.user_id = counts.user_id);
            update counts set posts = (select count(*) from posts group by user_id);
            update users set active = (select active from users as other where other.visits = users.visits);
        }
    }
}

fn main() {}
