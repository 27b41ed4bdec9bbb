//! Rule `not_null`: a column is not null by itself

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, body: text not null }
    }
}

fn main() {}
