//! Rule `raw_drop_objects`: raw SQL that drops what the language does not have

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "DROP VIEW totals" as nothing undo "CREATE VIEW totals AS SELECT 1";
        #[only(postgres)]
        sql "DROP FUNCTION visits(uuid)" as nothing undo nothing "tested";
        sql { postgres: "DROP TRIGGER x ON users", sqlite: "DROP TRIGGER x" } as nothing undo nothing "tested";
    }
}

fn main() {}
