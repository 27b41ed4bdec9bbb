//! Rule `other_table`: a column of another table

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add check (posts.title = email); }
    }
}

fn main() {}
