//! Rule `row_arity`: rows of different numbers of values

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table posts { add check ((id, title) > (1, "a", "b")); }
    }
}

fn main() {}
