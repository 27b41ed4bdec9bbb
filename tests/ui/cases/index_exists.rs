//! Rule `index_exists`: an index of a name that already exists

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create index posts_title_idx on posts (user_id);
    }
}

fn main() {}
