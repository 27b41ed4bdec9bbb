//! Rule `require_history`: a level that is lower than the history requires

migrate::history! {
    databases: postgres, sqlite;
    require: exact;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users {
            #[allow(drop_column, reason = "unused since 2.3")]
            drop nickname;
        }
    }
}

fn main() {}
