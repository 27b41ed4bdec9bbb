//! Rule `default_column`: a default that would use a column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter nickname set default email; }
    }
}

fn main() {}
