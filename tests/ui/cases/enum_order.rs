//! Rule `enum_order`: SQLite keeps an enum as text, which is in the order of its letters

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
