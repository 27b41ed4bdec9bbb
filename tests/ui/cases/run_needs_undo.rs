//! Rule `run_needs_undo`: a Rust function without an `undo`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        run super::fill in batches on users;
    }
}

fn main() {}
