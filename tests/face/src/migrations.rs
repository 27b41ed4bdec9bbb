//! A history of a dependency that is renamed in `Cargo.toml`; its modules are public and documented by their migrations.

mig::history! {
    databases: sqlite;
    pub mod create_users;
    pub mod add_name;
}
