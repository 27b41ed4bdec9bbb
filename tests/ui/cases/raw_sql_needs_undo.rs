//! Rule `raw_sql_needs_undo`: raw SQL without an `undo`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ANALYZE";
    }
}

fn main() {}
