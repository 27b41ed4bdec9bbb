//! Rule `raw_index_by_alter`: a constraint in raw SQL that builds an index, and a plain `DROP INDEX`

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ALTER TABLE users ADD UNIQUE (nickname)" as { alter table users { add unique (nickname); } }
        sql "DROP INDEX posts_title_idx" as { drop index posts_title_idx; }
        sql "REINDEX TABLE posts" as nothing undo nothing "tested";
    }
}

fn main() {}
