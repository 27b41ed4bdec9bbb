//! Rule `database_twice_in_history`: a history that names a database twice

migrate::history! {
    databases: postgres, sqlite, postgres;
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
