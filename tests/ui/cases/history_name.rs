//! Rule `history_name`: a history without a name.

mod migrations {
    migrate::history! {
        databases: postgres;
        name: "";
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
