//! Rule `query_alias`: another name without `as`, and a name for a value

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

            update counts set best = (select max(p.likes) from posts p where p.user_id = counts.user_id);
            update counts set best = (select max(likes) as best from posts);
        }
    }
}

fn main() {}
