//! Rule `unused_allow`: an `allow` that accepts nothing

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
            #[allow(drop_column, reason = "unused since 2.3")]
            add age: integer?;
            #[allow(drop_column, reason = "unused since 2.3")]
            add size: integer?;
        }
    }
}

fn main() {}
