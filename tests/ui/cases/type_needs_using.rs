//! Rule `type_needs_using`: a change of a type that requires a conversion

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter email type integer; }
    }
}

fn main() {}
