//! Rule `row_value`: a row that is not compared with a row

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table posts { add check ((id, title) is not null); }
    }
}

fn main() {}
