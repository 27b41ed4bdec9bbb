//! What happened to the database, in order.

migrate::history! {
    databases: sqlite;
    mod m20261122_090000_create_notes;
}
