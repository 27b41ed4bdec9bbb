//! A Rust function that is not async.

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

        fn fill(_: &mut migrate::Step<'_>) -> Result<(), std::fmt::Error> {
            Ok(())
        }
    }
}

fn main() {}
