//! Rule `version_too_old`: a version of a database that is not supported

migrate::history! {
    databases: postgres 9.., sqlite;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
