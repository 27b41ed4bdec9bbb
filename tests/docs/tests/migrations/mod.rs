//! A small history.

migrate::history! {
    databases: postgres, sqlite;
    mod create_users;
    mod add_age;
    mod drop_note;
}
