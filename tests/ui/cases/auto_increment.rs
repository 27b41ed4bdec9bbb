//! Rule `auto_increment`: a keyword of MySQL or SQLite for an auto-incrementing column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: bigint primary key autoincrement }
    }
}

fn main() {}
