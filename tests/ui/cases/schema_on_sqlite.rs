//! Rule `schema_on_sqlite`: a schema on SQLite, which has none

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table billing.accounts { id: uuid primary key }
    }
}

fn main() {}
