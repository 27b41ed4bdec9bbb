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
    }
}

fn main() {}
