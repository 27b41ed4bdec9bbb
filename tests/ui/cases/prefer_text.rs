//! Rule `prefer_text`: a length in the type

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(prefer_text);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add city: varchar(50)?; }
    }
}

fn main() {}
