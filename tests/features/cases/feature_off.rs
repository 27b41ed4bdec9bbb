//! Rule `feature_off`: the history supports a database whose driver is not built.

mod migrations {
    migrate::history! {
        databases: sqlite, postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
