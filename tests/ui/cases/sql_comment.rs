//! Rule `sql_comment`: a comment of SQL

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        -- a comment
        alter table users { add age: integer?; }
    }
}

fn main() {}
