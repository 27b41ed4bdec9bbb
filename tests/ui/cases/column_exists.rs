//! Rule `column_exists`: a column that already exists

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add email: text?; }
    }
}

fn main() {}
