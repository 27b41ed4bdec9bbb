//! A Rust function outside of a transaction that does not say that it may run twice.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key }
            run tidy outside of a transaction undo nothing "nothing to undo";
        }

        async fn tidy(_: &mut migrate::Step<'_>) -> Result<(), std::fmt::Error> {
            Ok(())
        }
    }
}

fn main() {}
