//! Rule `nul`: text with the character `\0`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add code: text default "a\0"; }
    }
}

fn main() {}
