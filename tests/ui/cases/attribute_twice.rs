//! Rule `attribute_twice`: a duplicate attribute of a column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, n: integer default 1 default 2 }
    }
}

fn main() {}
