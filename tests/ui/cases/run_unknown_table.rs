//! Rule `run_unknown_table`: a table that a Rust function works on does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        run fill on userz undo undo_fill;
    }
}

fn main() {}
