//! Rule `column_twice`: a column listed twice

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create index on posts (title, user_id, title);
    }
}

fn main() {}
