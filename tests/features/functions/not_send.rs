//! A Rust function whose future stays on its thread.

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

        async fn fill(step: &mut migrate::Step<'_>) -> Result<(), std::fmt::Error> {
            let shared = std::rc::Rc::new(step.database());
            std::future::ready(()).await;
            drop(shared);
            Ok(())
        }
    }
}

fn main() {}
