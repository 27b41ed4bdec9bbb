//! Rule `value_too_long`: a value of an enum that is too long for PostgreSQL

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter enum mood { add "a value of an enum has sixty-three bytes at most, and this has more"; }
    }
}

fn main() {}
