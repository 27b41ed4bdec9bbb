//! Rule `changes_nothing_constraints`: the same check or foreign key twice in one statement

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table tags {
            id: bigint primary key,
            post: bigint references posts,
            size: integer check (size > 0) check (size > 0),
            foreign key (post) references posts,
        }
    }
}

fn main() {}
