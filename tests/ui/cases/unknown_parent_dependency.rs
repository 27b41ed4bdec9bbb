//! Rule `unknown_parent_dependency`: a dependency that the history does not list

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;
        depends on super::m3;
    }
}

fn main() {}
