//! Rule `changes_nothing`: a statement that changes nothing

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter email set not null; }
    }
}

fn main() {}
