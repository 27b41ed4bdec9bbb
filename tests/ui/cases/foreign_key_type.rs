//! Rule `foreign_key_type`: a foreign key between columns of different types

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, author: integer references users (id) }
    }
}

fn main() {}
