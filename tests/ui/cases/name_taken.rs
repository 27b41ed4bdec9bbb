//! Rule `name_taken`: a name that PostgreSQL already uses for another kind of object

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table posts_title_idx { id: uuid primary key }
        create table r#Users { id: uuid primary key }
        rename table posts to r#Posts;
    }
}

fn main() {}
