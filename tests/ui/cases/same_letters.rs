//! Rule `same_letters`: columns whose names differ only in case, which SQLite does not distinguish

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add "Email": text?; }
    }
}

fn main() {}
