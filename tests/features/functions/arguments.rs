//! A Rust function that takes no step.

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

        async fn fill() -> Result<(), std::fmt::Error> {
            Ok(())
        }
    }
}

fn main() {}
