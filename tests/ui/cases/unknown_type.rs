//! Rule `unknown_type`: SQL has other names for a type

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: int?; }
    }
}

fn main() {}
