//! Rule `unknown_version`: a version that is not one of the database

migrate::history! {
    databases: postgres 14.., sqlite 3..;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
