//! Rule `rust_type`: a type of Rust is not a type of a database

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments {
            id: uuid primary key,
            body: Option<String>,
            picture: Vec<u8>,
        }
    }
}

fn main() {}
