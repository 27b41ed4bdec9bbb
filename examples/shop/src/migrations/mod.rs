migrate::history! {
    databases: sqlite;
    mod m0001_create_users;
    mod m0002_add_organisations;
}
