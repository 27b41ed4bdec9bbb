//! Rule `raw_rewrite_of_columns`: raw SQL for which PostgreSQL rewrites a table

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ALTER TABLE users ADD token uuid DEFAULT gen_random_uuid()" as { alter table users { add token: uuid? default uuid(); } }
        sql "ALTER TABLE users ALTER visits TYPE bigint" as nothing undo nothing "tested";
        sql "REFRESH MATERIALIZED VIEW totals" as nothing undo nothing "tested";
    }
}

fn main() {}
