//! Rule `empty_sql`: the SQL is missing

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "" as nothing;
    }
}

fn main() {}
