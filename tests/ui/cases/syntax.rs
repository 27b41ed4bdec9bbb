//! Rule `syntax`: a path that Rust cannot parse

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::;

        alter table users { add age: integer?; }
    }
}

fn main() {}
