//! The history.

migrate::history! {
    databases: postgres, sqlite;
    pub mod create_contacts;
    pub mod add_address_key;
}
