//! Rule `said_twice`: a setting said twice.

migrate::history! {
    databases: postgres;
    databases: sqlite;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
