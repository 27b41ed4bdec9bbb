//! Rule `argument_type`: a function with an argument of another type

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (lower(visits) <> email); }

        create index on users (coalesce(nickname, visits));
    }
}

fn main() {}
