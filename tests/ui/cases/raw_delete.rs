//! Rule `raw_delete`: raw SQL that deletes all rows of a table

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "DELETE FROM posts" as nothing undo nothing "tested";
    }
}

fn main() {}
