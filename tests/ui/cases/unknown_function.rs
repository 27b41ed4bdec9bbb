//! Rule `unknown_function`: a function that does not exist on every database

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (lowr(email) = email); }
    }
}

fn main() {}
