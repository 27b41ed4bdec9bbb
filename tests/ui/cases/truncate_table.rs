//! Rule `truncate_table`: all rows of a table that existed before are deleted at once

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        truncate posts undo nothing "they are not needed";
    }
}

fn main() {}
