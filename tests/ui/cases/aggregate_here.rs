//! Rule `aggregate_here`: an aggregate where there are no rows of a query

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

            update counts set posts = count(*);
            update counts set posts = (select count(*) from posts where max(posts.likes) > 1);
            update counts set best = (select max(sum(likes)) from posts);
            alter table posts { add check (max(likes) > 0); }
        }
    }
}

fn main() {}
