//! Rule `unknown_table`: a table that does not exist, or not yet

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table usres { add age: integer?; }

        create table orders { id: bigint primary key, last_item: bigint? references items on delete set null }

        create table items { id: bigint primary key, of: bigint references orders }
    }
}

fn main() {}
