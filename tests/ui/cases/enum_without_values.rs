//! Rule `enum_without_values`: an enum without a value

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create enum size ("S");
        alter enum size { drop "S"; }
    }
}

fn main() {}
