//! Rule `unknown_value`: a value that the enum does not have

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter enum mood { rename "hapy" to "glad"; }
        alter enum mood { add "calm" after "okay"; }
    }
}

fn main() {}
