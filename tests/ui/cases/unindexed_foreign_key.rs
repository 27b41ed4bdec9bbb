//! Rule `unindexed_foreign_key`: a foreign key without an index

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(unindexed_foreign_key);
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table posts { id: bigint primary key, user_id: bigint references users }
    }
}

fn main() {}
