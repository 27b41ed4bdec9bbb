//! Rule `prefer_timestamptz`: a timestamp without a time zone

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(prefer_timestamptz);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add seen: timestamp?; }
    }
}

fn main() {}
