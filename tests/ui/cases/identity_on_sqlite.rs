//! Rule `identity_on_sqlite`: `identity` on a column of SQLite that is not the primary key

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, n: integer identity }
    }
}

fn main() {}
