//! Rule `module_twice`: a module listed twice.

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
