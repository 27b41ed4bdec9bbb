//! Rule `cycle_of_three`: three migrations, each of which comes after another

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m0;
        m1;
        m2;
        m3;
        m4;
    }

    mod m0 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }

    mod m1 {
        migrate::migration! {
            after super::m3;
            alter table users { add a: integer?; }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m0, super::m1;
            alter table users { add b: integer?; }
        }
    }

    mod m3 {
        migrate::migration! {
            after super::m2;
            alter table users { add c: integer?; }
        }
    }

    mod m4 {
        migrate::migration! {
            after super::m3;
            alter table users { add d: integer?; }
        }
    }
}

fn main() {}
