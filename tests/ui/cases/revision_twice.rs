//! Rule `revision_twice`: two migrations with the same revision id

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        revision "m1";
        after super::m1;

        alter table users { add age: integer?; }
    }
}

fn main() {}
