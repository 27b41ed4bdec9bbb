//! Rule `require_stated`: a level that depends on what is stated about raw SQL

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        require: exact;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key, visits: integer default 0 }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            require exact (stated);
            sql "UPDATE users SET visits = visits + 1 WHERE visits > 0" as nothing undo "UPDATE users SET visits = visits - 1 WHERE visits > 1";
        }
    }
}

fn main() {}
