//! Rule `unknown_literal`: a literal that SQL does not have

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
