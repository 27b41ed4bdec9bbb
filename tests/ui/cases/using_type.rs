//! Rule `using_type`: a `using` expression of another type

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter email type integer using lower(email) undo { alter email type text; }; }
    }
}

fn main() {}
