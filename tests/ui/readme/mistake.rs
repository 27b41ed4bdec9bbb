//! The migration of the README, with a misspelt table.

mod migrations {
    migrate::history! {
        databases: sqlite;
        #[path = "m0001_create_users.rs"]
        mod m0001_create_users;
        #[path = "m0002_add_organisations.rs"]
        mod m0002_add_organisations;
    }
}

fn main() {}
