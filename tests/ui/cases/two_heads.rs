//! Rule `two_heads`: nothing comes after either

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
