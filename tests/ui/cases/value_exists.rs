//! Rule `value_exists`: a value twice

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
