//! Rule `rows_file_missing`: a file that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email) from "../given/nobody.csv";
    }
}

fn main() {}
