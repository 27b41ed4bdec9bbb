//! Rule `check_deferrable`: a check that is deferrable

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add positive: check (visits > 0) deferrable; }
    }
}

fn main() {}
