//! Rule `rename_column`: a column that running instances of the application use is renamed

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { rename nickname to nick; }
    }
}

fn main() {}
