//! Rule `misplaced_rows`: a downgrade after which two columns have each other's values

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        rules: allow(rename_column);
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users {
                id: bigint primary key,
                first_name: text,
                last_name: text,
            }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users { rename first_name to given; rename last_name to family; }

            down {
                alter table users { rename given to last_name; rename family to first_name; }
            }
        }
    }
}

fn main() {}
