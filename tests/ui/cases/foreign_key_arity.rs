//! Rule `foreign_key_arity`: a foreign key with another number of columns than it references

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { a: uuid, b: uuid, foreign key (a, b) references users (id) }
    }
}

fn main() {}
