//! Rule `any_needs_array`: `any` of a value that is not an array

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (email = any(nickname)); }
    }
}

fn main() {}
