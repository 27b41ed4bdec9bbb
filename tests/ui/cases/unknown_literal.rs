//! Rule `unknown_literal`: SQL has no such literal

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits set default c"x"; }
    }
}

fn main() {}
