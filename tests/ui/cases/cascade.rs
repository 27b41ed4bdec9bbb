//! Rule `cascade`: `cascade` after `drop`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[allow(drop_table, reason = "unused")]
        drop table posts cascade;
    }
}

fn main() {}
