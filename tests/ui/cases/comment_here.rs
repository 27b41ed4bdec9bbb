//! Rule `comment_here`: a `///` comment on something other than a table or a column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        /// Found by title.
        create index newest_first on posts (title desc);
    }
}

fn main() {}
