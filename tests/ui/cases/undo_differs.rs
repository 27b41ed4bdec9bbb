//! Rule `undo_differs`: an `undo` that does not restore the schema

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer? undo { rename age to years; }; }
    }
}

fn main() {}
