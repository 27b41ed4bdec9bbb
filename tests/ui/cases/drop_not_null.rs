//! Rule `drop_not_null`: null in a column that running instances of the application may not expect

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(drop_not_null);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits drop not null; }
    }
}

fn main() {}
