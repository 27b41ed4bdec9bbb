//! Rule `type_arguments`: a type with a length that it does not have

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer(10)?; }
    }
}

fn main() {}
