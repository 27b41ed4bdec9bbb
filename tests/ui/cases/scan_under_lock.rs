//! Rule `scan_under_lock`: a change of a type that reads all rows again

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add short: check (length(email) < 100); }
        alter table users { alter email type varchar; }
    }
}

fn main() {}
