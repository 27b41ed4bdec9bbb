//! Rule `raw_outside`: a statement that cannot run inside a transaction

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql { postgres: "ALTER SYSTEM SET work_mem = '1MB'", sqlite: "PRAGMA foreign_keys = OFF" } as nothing;
        sql "VACUUM" as nothing;
    }
}

fn main() {}
