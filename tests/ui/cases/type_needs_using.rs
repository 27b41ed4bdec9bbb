//! Rule `type_needs_using`: no database converts by itself

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter email type integer; }
    }
}

fn main() {}
