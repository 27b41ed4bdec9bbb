//! Rule `missing_columns`: a statement that does not say which columns get its values

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users values ("67e55044-10b1-426f-9247-bb680e5fe0c8", "a@b.c", null);

        insert into users from "users.csv";
    }
}

fn main() {}
