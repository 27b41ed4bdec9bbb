//! Rule `default_null`: a default of null in a column that is not null

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits set default null; }
    }
}

fn main() {}
