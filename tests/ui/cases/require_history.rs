//! Rule `require_history`: the history requires a level

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
