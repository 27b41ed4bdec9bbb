//! Rule `value_null`: null for a column that must have a value

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email, visits) values (default, null);

        update users set email = null where email = "a@b.c" undo nothing "they are not needed";

        update users set visits = (select visits from users as other where other.email = users.nickname) where id = uuid()
            undo nothing "they are not needed";

        insert into posts (user_id, title) select id, nickname from users undo nothing "they may stay";
    }
}

fn main() {}
