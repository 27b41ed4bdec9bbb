//! Rule `unknown_constraint`: a constraint that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { drop constraint users_emial_key; }
    }
}

fn main() {}
