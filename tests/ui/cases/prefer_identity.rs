//! Rule `prefer_identity`: a `serial` column

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(prefer_identity);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table events { id: bigint primary key serial }
    }
}

fn main() {}
