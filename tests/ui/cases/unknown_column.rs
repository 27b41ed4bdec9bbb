//! Rule `unknown_column`: a column that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { rename emial to address; }
    }
}

fn main() {}
