//! Rule `value_count`: a new row has fewer or more values than the statement names columns

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email, visits) values ("a@b.c", 1), ("d@e.f");

        insert into users (email, visits) select title from posts undo nothing "they may stay";
    }
}

fn main() {}
