//! Rule `keep_rows`: rows that a `keep data` could not restore

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key, email: text }
            create table posts { id: bigint primary key, user_id: bigint references users on delete cascade }
            create table lines { line: text }
            create table cats { id: bigint primary key, parent_id: bigint? references cats on delete set null }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            delete from lines where line = "" keep data;
            update users set id = id + 100 where id = 1 keep data;
            delete from users where id = 2 keep data;
            delete from cats where id = 1 keep data;
        }
    }
}

fn main() {}
