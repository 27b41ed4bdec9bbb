//! A Rust function that returns no result.

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

        async fn fill(_: &mut migrate::Step<'_>) {}
    }
}

fn main() {}
