//! Rule `parent_twice`: a duplicate parent

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1, super::m1;
    }
}

fn main() {}
