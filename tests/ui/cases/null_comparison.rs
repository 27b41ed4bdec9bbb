//! Rule `null_comparison`: a comparison with null, which is never true

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key, nickname: text?, age: integer?, check (age <> null) }

            delete from users where nickname = null;
            delete from users where age in (1, null);
            delete from users where null < age;
        }
    }
}

fn main() {}
