//! Rule `require`: a level that is lower than the migration requires

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        require exact;
        alter table users {
            #[allow(drop_column, reason = "unused since 2.3")]
            drop nickname;
        }
    }
}

fn main() {}
