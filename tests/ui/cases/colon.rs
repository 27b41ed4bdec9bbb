//! Rule `colon`: a column without the colon after its name

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id uuid primary key }
    }
}

fn main() {}
