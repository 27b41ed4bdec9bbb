//! Rule `unknown_level`: a level that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        require exactly;
        alter table users { add age: integer?; }
    }
}

fn main() {}
