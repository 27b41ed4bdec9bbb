//! The migrations of the shop.

migrate::history! {
    databases: sqlite;
    mod m1_users;
    mod m2_notes;
}
