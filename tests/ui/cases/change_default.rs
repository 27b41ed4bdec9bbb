//! Rule `change_default`: a default that running instances of the application may rely on

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(change_default);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits set default 1; }
    }
}

fn main() {}
