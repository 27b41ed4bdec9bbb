//! Rule `raw_concurrently`: raw SQL that builds or drops an index concurrently

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "CREATE INDEX CONCURRENTLY i ON users (nickname)" as { create index i on users (nickname); };
        sql "-- by hand\nDROP INDEX CONCURRENTLY IF EXISTS i" as nothing;
        sql "REINDEX (CONCURRENTLY) TABLE users" as nothing;
    }
}

fn main() {}
