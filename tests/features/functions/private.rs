//! A Rust function that is private to another module.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key }
            run other::fill undo nothing "nothing to undo";
        }

        mod other {
            async fn fill(_: &mut migrate::Step<'_>) -> Result<(), std::fmt::Error> {
                Ok(())
            }
        }
    }
}

fn main() {}
