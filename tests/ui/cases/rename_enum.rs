//! Rule `rename_enum`: an enum that running instances of the application use is renamed

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        rename enum mood to temper;
    }
}

fn main() {}
