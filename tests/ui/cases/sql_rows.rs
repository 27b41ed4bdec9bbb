//! Rule `sql_rows`: statements about rows as SQL has them

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email) values ("a@b.c") on conflict (email) do nothing undo nothing "they may stay";

        insert into users (email) values ("a@b.c") on conflict do update set visits = 1;

        delete from posts using users where posts.user_id = users.id;

        truncate table posts;

        truncate posts cascade;

        delete posts where title = "" undo nothing "they are not needed";
    }
}

fn main() {}
