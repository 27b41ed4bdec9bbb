//! Rule `constraint_exists`: a constraint of a name that already exists

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add users_email_key: unique (nickname); }
    }
}

fn main() {}
