//! Rule `undo_here`: an `undo` inside of an `undo`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users {
            add age: integer? undo { drop age undo { add age: integer?; }; };
        }
    }
}

fn main() {}
