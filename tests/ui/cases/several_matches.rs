//! Rule `several_matches`: an update that reads several rows of another table for one row

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

            update counts set title = posts.title from posts where posts.user_id = counts.user_id;
            update counts set email = users.nickname from users;

            create table codes { code: char(5), code_of: varchar(5) unique, meaning: text }
            update codes set meaning = other.meaning from codes as other where other.code_of = codes.code;
        }
    }
}

fn main() {}
