//! Rule `revision_reserved`: a word of the command line

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
            revision "head";
            after super::m1;
        }
    }
}

fn main() {}
