//! Rule `way_back_here`: a way back of a way back

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
