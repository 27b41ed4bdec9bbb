//! Rule `raw_expression`: raw SQL that is not one expression

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (sql("visits > 0; DROP TABLE posts")); }
        alter table users { add check (sql("visits > 1 -- for now")); }
        create index on users ((sql("")));
    }
}

fn main() {}
