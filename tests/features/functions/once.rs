//! A Rust function in batches that is called without a cursor.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key }
            run fill undo nothing "nothing to undo";
        }

        async fn fill(_: &mut migrate::Step<'_>, _: Option<i64>) -> Result<migrate::Next<i64>, std::fmt::Error> {
            Ok(migrate::Next::Done)
        }
    }
}

fn main() {}
