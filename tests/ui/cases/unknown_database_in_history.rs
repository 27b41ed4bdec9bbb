//! Rule `unknown_database_in_history`: a history with a database that does not exist

migrate::history! {
    databases: postgress, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
