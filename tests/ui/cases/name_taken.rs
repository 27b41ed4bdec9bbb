//! Rule `name_taken`: PostgreSQL keeps tables and indexes in one set of names

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
