//! A Rust function that takes something else.

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

        async fn fill(_: &mut u8) -> Result<(), std::fmt::Error> {
            Ok(())
        }
    }
}

fn main() {}
