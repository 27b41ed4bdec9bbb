//! Rule `rewrite_table`: a change of a type that rewrites the table

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits type bigint; }
    }
}

fn main() {}
