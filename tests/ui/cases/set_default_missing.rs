//! Rule `set_default_missing`: an action that would always fail

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, author: uuid references users on delete set default }
    }
}

fn main() {}
