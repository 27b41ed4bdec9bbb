//! Rule `keyword_case`: keywords in capitals

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        CREATE TABLE comments { id: uuid primary key }

        create table likes {
            id: bigint PRIMARY KEY,
            user_id: uuid references users ON DELETE CASCADE,
            PRIMARY KEY (id),
            check (id > 0 AND id < 1000),
        }
    }
}

fn main() {}
