//! Rule `needs_undo_rows`: rows that do not come back by themselves

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        update users set visits = 0 where email = "a@b.c";

        delete from posts where title = "";

        insert into users (email) values ("a@b.c") on conflict do nothing;

        insert into posts (user_id, title) values ("67e55044-10b1-426f-9247-bb680e5fe0c8", "Hello");
    }
}

fn main() {}
