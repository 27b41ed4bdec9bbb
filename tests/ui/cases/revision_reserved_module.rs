//! Rule `revision_reserved_module`: a module whose name is a target of the command line

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        current;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }

    mod current {
        migrate::migration! {
            after super::m1;
        }
    }
}

fn main() {}
