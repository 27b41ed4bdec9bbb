//! Rule `table_exists`: a table that already exists

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table posts { id: uuid primary key }
    }
}

fn main() {}
