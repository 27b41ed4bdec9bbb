//! Rule `allow_reason`: an `allow` without a reason

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users {
            #[allow(drop_column, reason = "")]
            drop nickname;
        }
    }
}

fn main() {}
