//! Rule `prefer_bigint`: a key of 32 bits

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(prefer_bigint);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table events { id: integer primary key }
    }
}

fn main() {}
