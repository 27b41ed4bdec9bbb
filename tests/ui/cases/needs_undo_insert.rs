//! Rule `needs_undo_insert`: new rows of a table without a key

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        rules: allow(no_primary_key);
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table lines { text: text }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            insert into lines (text) values ("It begins.");

            insert into lines (text) from "lines.csv";
        }
    }
}

fn main() {}
