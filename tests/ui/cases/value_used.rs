//! Rule `value_used`: a value of an enum that is still used

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (mood <> "sad"); }
        alter enum mood { drop "ok" into "happy"; rename "sad" to "blue"; }
    }
}

fn main() {}
