//! Rule `index_concurrently`: `concurrently`, which the compiler decides

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create index concurrently on users (nickname);
        create unique index concurrently users_nickname on users (nickname);
        drop index concurrently posts_title_idx;
        create table notes { id: bigint primary key, index concurrently (id) }
    }
}

fn main() {}
