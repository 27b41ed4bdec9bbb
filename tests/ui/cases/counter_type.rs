//! Rule `counter_type`: `identity` on a type that is not an integer

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: text primary key identity }
    }
}

fn main() {}
