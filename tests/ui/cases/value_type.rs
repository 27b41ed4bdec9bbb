//! Rule `value_type`: a value of another type than its column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email, visits) values ("a@b.c", "many");

        update users set nickname = visits where email = "a@b.c" undo nothing "they are not needed";

        update users set visits = 3000000000 where email = "a@b.c" undo nothing "they are not needed";
    }
}

fn main() {}
