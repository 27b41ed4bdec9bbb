//! Rule `set_columns`: a column that is not in the foreign key

migrate::history! {
    databases: postgres 15..;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table posts {
            add editor_id: uuid?;
            add foreign key (editor_id) references users on delete set null (title);
        }
    }
}

fn main() {}
