//! Rule `unknown_version`: the oldest version of a database that a history serves, written as another database numbers its own.

migrate::history! {
    databases: postgres 14.., sqlite 3..;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
