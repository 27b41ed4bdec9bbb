//! Rule `literal_suffix`: a literal with a suffix of Rust

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits set default 1u32; }
    }
}

fn main() {}
