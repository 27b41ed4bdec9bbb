//! Rule `enum_order`: an order of enum values, which SQLite does not have

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (mood > "sad"); }
    }
}

fn main() {}
