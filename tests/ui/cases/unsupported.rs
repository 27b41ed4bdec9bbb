//! Rule `unsupported`: something that one of the databases cannot do

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create index on posts using brin (title);
    }
}

fn main() {}
