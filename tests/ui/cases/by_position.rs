//! Rule `by_position`: `group by 1` and `order by 1`

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

            update counts set title = (select title from posts order by 1 limit 1);
            delete from users where id in (select user_id from posts group by 1);
        }
    }
}

fn main() {}
