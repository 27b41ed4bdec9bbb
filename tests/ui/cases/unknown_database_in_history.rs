//! Rule `unknown_database_in_history`: a history for a database that is not known.

migrate::history! {
    databases: postgress, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
