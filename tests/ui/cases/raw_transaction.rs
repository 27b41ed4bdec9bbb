//! Rule `raw_transaction`: raw SQL that begins or ends a transaction

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "BEGIN; UPDATE users SET visits = 0; COMMIT" as nothing;
        sql "UPDATE users SET visits = 1 WHERE visits = 0" undo "ROLLBACK";
        sql { postgres: "SELECT 'COMMIT;'; START TRANSACTION", sqlite: "SAVEPOINT a" } as nothing;
    }
}

fn main() {}
