//! Rule `down_and_undo`: a `down` and an `undo` in one migration

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer? undo { drop age; }; }
        down { alter table users { drop age; } }
    }
}

fn main() {}
