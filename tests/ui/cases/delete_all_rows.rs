//! Rule `delete_all_rows`: all rows of a table that existed before are deleted one by one

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        delete from posts undo nothing "they are not needed";
    }
}

fn main() {}
