//! Rule `database_planned`: a database that is planned.

mod migrations {
    migrate::history! {
        databases: postgres, mysql;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
