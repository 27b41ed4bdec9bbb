//! Rule `raw_index`: raw SQL that builds an index and blocks writes

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "CREATE INDEX by_nickname ON users (nickname)" as nothing undo "DROP INDEX by_nickname";
    }
}

fn main() {}
