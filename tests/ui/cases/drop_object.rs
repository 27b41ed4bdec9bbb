//! Rule `drop_object`: an enum, an extension or a schema is dropped that running instances of the application may still use

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
    m3;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[allow(drop_column, reason = "unused since 2.3")]
        alter table users { drop mood; }
        drop enum mood;
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        create enum size ("s", "m");
        drop enum size;
    }
}

fn main() {}
