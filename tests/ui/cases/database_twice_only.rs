//! Rule `database_twice_only`: a database twice in `#[only(…)]`

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[only(sqlite, sqlite)]
        alter table users { add note: text?; }
    }
}

fn main() {}
