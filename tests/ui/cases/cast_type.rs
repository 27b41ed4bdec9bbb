//! Rule `cast_type`: a type of which no value can be cast to another

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table posts { alter title type json using (title = "x")::json irreversible "tested"; }
    }
}

fn main() {}
