//! Rule `wide_index`: an index of more than three columns

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(wide_index);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create index on users (email, nickname, visits, id);
    }
}

fn main() {}
