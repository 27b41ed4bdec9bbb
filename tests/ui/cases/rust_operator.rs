//! Rule `rust_operator`: operators of Rust

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (visits == 0 && email != ""); }
    }
}

fn main() {}
