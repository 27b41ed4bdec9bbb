//! Rule `raw_sql_missing`: raw SQL without text for one of the databases

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql { postgres: "SELECT 1" } as nothing;
    }
}

fn main() {}
