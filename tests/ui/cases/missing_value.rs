//! Rule `missing_value`: a new row has no value for a column that must have one

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (visits) values (1);
    }
}

fn main() {}
