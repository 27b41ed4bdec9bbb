//! Rule `merge_conflict_whole`: one side changes a table that SQLite rebuilds on the other side

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
        m3;
        m4;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key, name: text }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { add phone: text?; }
        }
    }

    mod m3 {
        migrate::migration! {
            after super::m1;

            alter table users { alter name drop not null; }
        }
    }

    mod m4 {
        migrate::migration! {
            after super::m2, super::m3;
        }
    }
}

fn main() {}
