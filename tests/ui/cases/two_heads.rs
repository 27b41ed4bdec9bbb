//! Rule `two_heads`: two migrations that no other migration comes after

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer?; }
    }
}

mod m3 {
    migrate::migration! {
        after super::m1;
        alter table users { add height: integer?; }
    }
}

fn main() {}
