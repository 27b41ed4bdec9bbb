//! Rule `drop_constraint`: a constraint is dropped, so that rows which it refused can be written

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(drop_constraint);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { drop constraint users_email_key; }
    }
}

fn main() {}
