//! Rule `new_restriction`: rows that running instances of the application may write are refused

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(new_restriction);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (visits >= 0); }
    }
}

fn main() {}
