//! Rule `not_a_condition`: a check that is not a boolean

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (visits + 1); }
    }
}

fn main() {}
