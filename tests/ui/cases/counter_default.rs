//! Rule `counter_default`: a column with `identity` and a default

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: bigint primary key identity default 7 }
    }
}

fn main() {}
