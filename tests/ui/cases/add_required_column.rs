//! Rule `add_required_column`: rows would have no value for it

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer; }
    }
}

fn main() {}
