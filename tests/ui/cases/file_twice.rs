//! Rule `file_twice`: a file whose rows two statements insert

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email) from "users.csv";

        insert into users (email, visits) from "users.csv" on conflict do nothing;
    }
}

fn main() {}
