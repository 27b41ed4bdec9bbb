//! Rule `label_name`: a label that is not valid

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            label "billing and more";
            create table users { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            label "head";
            after super::m1;
        }
    }
}

fn main() {}
