//! Rule `released`: a migration that is not as the lock of its history has it

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        lock: "released.lock";
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key, nickname: text? }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;
            alter table users { add age: integer?; }
        }
    }
}

fn main() {}
