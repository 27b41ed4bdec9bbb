//! A Rust function in batches that does not say what comes next.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key }
            run fill in batches undo nothing "nothing to undo";
        }

        async fn fill(_: &mut migrate::Step<'_>, _: Option<i64>) -> Result<(), std::fmt::Error> {
            Ok(())
        }
    }
}

fn main() {}
