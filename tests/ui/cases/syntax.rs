//! Rule `syntax`: what Rust itself cannot read

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::;

            alter table users { add age: integer?; }
        }
    }
}

fn main() {}
