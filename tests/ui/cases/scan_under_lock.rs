//! Rule `scan_under_lock`: a change that reads all rows of a table while it is locked

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
        alter table users { add number: bigint default 0; alter number drop default; alter number add identity; }
    }
}

fn main() {}
