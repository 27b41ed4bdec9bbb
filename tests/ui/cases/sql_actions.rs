//! Rule `sql_actions`: actions of `alter table` as SQL writes them

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users {
            add constraint u unique (nickname);
            alter column visits type bigint;
            alter visits set data type bigint;
            alter email nullable;
            drop constraint if exists users_email_key;
            change visits visits bigint;
            alter nickname set not_null;
            rename to people;
            add unique index by_name (nickname);
        }
    }
}

fn main() {}
