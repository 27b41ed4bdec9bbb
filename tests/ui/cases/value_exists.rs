//! Rule `value_exists`: a duplicate value of an enum

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create enum size ("S", "M", "S");
        alter enum mood { add "ok"; }
    }
}

fn main() {}
