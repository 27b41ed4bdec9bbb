//! Rule `revision_id`: a revision id that is not valid

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            revision "first one";
            create table users { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            revision "+1";
            after super::m1;
        }
    }
}

fn main() {}
