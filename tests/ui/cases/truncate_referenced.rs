//! Rule `truncate_referenced`: a table that a foreign key refers to is emptied

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        truncate users undo nothing "they are not needed";
    }
}

fn main() {}
