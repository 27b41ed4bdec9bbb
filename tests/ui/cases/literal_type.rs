//! Rule `literal_type`: text where a number is required

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (visits > "many"); }
    }
}

fn main() {}
