//! Rule `name_empty`: an empty name

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table "" { id: uuid primary key }
    }
}

fn main() {}
