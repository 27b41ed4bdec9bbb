//! Rule `parent_twice_dependency`: a dependency that is a parent, or is written twice

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
    m3;
}

mod m2 {
    migrate::migration! {
        after super::m1;
        depends on super::m1;
    }
}

mod m3 {
    migrate::migration! {
        depends on super::m1, super::m1;
    }
}

fn main() {}
