//! Rule `drop_value`: a value of an enum that running instances of the application may still write

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter enum mood { drop "happy" into "ok"; }
    }
}

fn main() {}
