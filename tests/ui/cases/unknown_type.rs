//! Rule `unknown_type`: a type that does not exist, or has another name here

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create enum mood ("sad", "happy");
        alter table users { add age: int?; }
        alter table users { add mood: moood?; }
        alter table users { add place: geography?; }
        alter table users { add check (id::mod <> "happy"); }
    }
}

fn main() {}
