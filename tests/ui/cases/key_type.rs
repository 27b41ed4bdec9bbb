//! Rule `key_type`: a key of a type that PostgreSQL does not compare

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table t { data: postgres::json unique, at: postgres::point primary key, }
        }
    }
}

fn main() {}
