//! Rule `raw_client`: a command of psql or of the sqlite3 shell

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql { postgres: r"\copy users FROM 'users.csv'", sqlite: ".read users.sql" } as nothing;
    }
}

fn main() {}
