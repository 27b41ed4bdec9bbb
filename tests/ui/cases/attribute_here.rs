//! Rule `attribute_here`: an attribute on a part of a statement

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table notes {
            id: uuid primary key,
            #[only(postgres)]
            words: text,
        }
    }
}

fn main() {}
