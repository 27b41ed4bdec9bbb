//! Rule `function_arguments`: a function call with a wrong number of arguments

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (lower(email, nickname) = email); }
    }
}

fn main() {}
