//! Rule `only_lacks`: a table and a column that only PostgreSQL has

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

        create index on notes (words);

        #[only(postgres)]
        alter table users { add motto: text?; }

        alter table users { add check (motto <> ""); }
    }
}

fn main() {}
