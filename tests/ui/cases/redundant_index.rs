//! Rule `redundant_index`: an index whose columns are the first of another index

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(redundant_index);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create index on posts (user_id, title);
        create index on posts (user_id);
    }
}

fn main() {}
