//! What happened to the database, in order.

migrate::history! {
    databases: postgres, sqlite;
    mod m20261122_090000_create_users;
    mod m20261122_101500_add_organisation;
}
