//! Rule `head_first`: `revision` or `after` below a statement

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer?; }
        revision "x";
    }
}

fn main() {}
