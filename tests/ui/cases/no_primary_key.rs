//! Rule `no_primary_key`: a table without a primary key

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(no_primary_key);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table events { at: timestamptz }
    }
}

fn main() {}
