//! A Rust function whose error is none.

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

        async fn fill(_: &mut migrate::Step<'_>) -> Result<(), u8> {
            Ok(())
        }
    }
}

fn main() {}
