//! Rule `narrow_type`: a type that does not have all values of the old one

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
