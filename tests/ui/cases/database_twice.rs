//! Rule `database_twice`: two SQL texts for one database

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql { postgres: "SELECT 1", postgres: "SELECT 2" } as nothing;
    }
}

fn main() {}
