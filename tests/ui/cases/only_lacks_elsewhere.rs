//! Rule `only_lacks_elsewhere`: a table that only the other database has

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[only(postgres)]
        create table notes { id: uuid primary key, words: text }

        #[only(sqlite)]
        drop table notes;
    }
}

fn main() {}
