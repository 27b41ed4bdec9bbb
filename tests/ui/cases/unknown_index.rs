//! Rule `unknown_index`: an index that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        drop index posts_titel_idx;
        drop index users_email_key;
    }
}

fn main() {}
