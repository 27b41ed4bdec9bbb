//! Rule `no_databases`: a history says which databases it serves.

mod migrations {
    migrate::history! {
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
