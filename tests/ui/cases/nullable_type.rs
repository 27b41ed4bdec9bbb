//! Rule `nullable_type`: a `?` in a change of the type

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits type bigint?; }
    }
}

fn main() {}
