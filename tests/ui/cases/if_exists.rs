//! Rule `if_exists`: `if exists` and `if not exists`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table if not exists comments { id: uuid primary key }
    }
}

fn main() {}
