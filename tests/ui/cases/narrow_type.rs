//! Rule `narrow_type`: a type that not every value fits

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits type smallint; }
    }
}

fn main() {}
