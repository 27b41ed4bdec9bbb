//! Rule `duplicate_key`: a key or an index that the table already has

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add again: unique (email); }

        create index posts_title_again on posts (title);
    }
}

fn main() {}
