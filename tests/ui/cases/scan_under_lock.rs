//! Rule `scan_under_lock`: a type for which all rows are read again

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
