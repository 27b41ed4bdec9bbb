//! Rule `unknown_statement`: a statement that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        make table comments { id: uuid primary key }
    }
}

fn main() {}
