//! Rule `value_column`: a column in a value of a new row

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email, nickname) values ("a@b.c", email);
    }
}

fn main() {}
