//! Rule `expect_query`: an `expect` that is not one query

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        expect "no empty names" sql("DELETE FROM users");
    }
}

fn main() {}
