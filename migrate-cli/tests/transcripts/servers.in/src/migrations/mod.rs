//! The migrations of the shop.

migrate::history! {
    databases: postgres, sqlite;
    mod m1_users;
    mod m2_notes;
}
