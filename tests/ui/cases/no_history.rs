//! Rule `no_history`: a migration that no history lists

mod m1 {
    migrate::migration! {
        create table users { id: uuid primary key }
    }
}

fn main() {}
