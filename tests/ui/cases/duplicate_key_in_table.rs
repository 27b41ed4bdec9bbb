//! Rule `duplicate_key_in_table`: the same key twice in one statement

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table tags { id: bigint primary key, name: text unique unique, code: text, unique (code), again: unique (code) }
    }
}

fn main() {}
