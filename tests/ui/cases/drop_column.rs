//! Rule `drop_column`: a column that running instances of the application may still use

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { drop nickname; }
    }
}

fn main() {}
