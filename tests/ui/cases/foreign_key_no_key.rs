//! Rule `foreign_key_no_key`: a foreign key to columns that are not unique

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, author: text? references users (nickname) }
    }
}

fn main() {}
