//! Rule `database_planned`: a database that is not supported yet

migrate::history! {
    databases: postgres, mysql;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
