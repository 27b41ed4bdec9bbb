//! Rule `rename_moves`: a rename to another schema

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        rename table posts to archive.posts;
    }
}

fn main() {}
