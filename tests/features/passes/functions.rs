//! Rust functions of each kind.

mod migrations {
    migrate::history! {
        databases: sqlite;
        m1;
    }

    pub mod m1 {
        migrate::migration! {
            create table users { id: bigint primary key }
            run crate::migrations::m1::fill in batches on users undo nothing "nothing to undo";
        }

        pub async fn fill(
            _: &mut migrate::Step<'_>,
            last: Option<String>,
        ) -> Result<migrate::Next<String>, Box<dyn std::error::Error + Send + Sync>> {
            Ok(last.map_or(migrate::Next::Done, migrate::Next::After))
        }
    }
}

fn main() {
    assert_eq!(migrations::m1::MIGRATION.programs.len(), 1);
}
