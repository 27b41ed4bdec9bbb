//! Rule `sql_statements`: statements as SQL or another tool writes them

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create type mood as enum ("sad", "happy");

        create enum size { "S", "M" }

        comment on table posts is "What people wrote";

        truncate table posts;

        grant select, update on users to reader;

        rename users to people;

        drop table posts, users;

        add index (title);

        create view authors as "SELECT 1";

        create domain name as text;

        up { create table notes { id: uuid primary key } }

        down { drop table notes; }
    }
}

fn main() {}
