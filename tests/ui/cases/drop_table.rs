//! Rule `drop_table`: the running application may still use it

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        drop table posts;
    }
}

fn main() {}
