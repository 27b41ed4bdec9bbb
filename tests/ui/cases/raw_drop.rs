//! Rule `raw_drop`: raw SQL drops a column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ALTER TABLE users DROP COLUMN nickname" as nothing undo nothing "tested";
    }
}

fn main() {}
