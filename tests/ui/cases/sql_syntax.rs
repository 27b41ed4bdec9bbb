//! Rule `sql_syntax`: syntax of SQL or of another tool

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments {
            id: uuid,
            likes: integer = 0,
            constraint comments_key primary key (id),
            index by_likes on (likes),
        }

        create type mood as enum ("sad", "happy");

        comment on table users is "people";

        grant select on users to reader;

        begin;

        alter table users {
            add constraint users_name_key unique (nickname);
            add index (nickname);
            rename column nickname to name;
            rename to people;
            alter column email set default "";
            alter visits set data type bigint;
            alter email nullable;
            drop unique (email);
        }

        alter table posts rename to articles;

        up { create table likes { id: uuid primary key } }
    }
}

fn main() {}
