//! Rule `name_folded`: a bare name that PostgreSQL folds to lower case

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table Orders { id: uuid primary key }
    }
}

fn main() {}
