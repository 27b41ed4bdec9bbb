//! Rule `rows_file`: a file whose format is unknown, or whose path is not relative

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email) from "users.txt";

        insert into users (email) from "/srv/users.csv" on conflict do nothing;
    }
}

fn main() {}
