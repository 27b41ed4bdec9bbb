//! A foreign key from every type to every type.

use migrate_history::Database;

use crate::cell::{Cell, Grid};
use crate::kinds;

async fn every_key(database: Database, types: &[String], least: usize) {
    let mut grid = Grid::open(database).await;
    let keyed: Vec<&String> = types.iter().filter(|ty| is_key(ty)).collect();
    for other in keyed {
        for own in types {
            let origin = format!(
                "create table p {{ a: {other} unique, b: integer, unique (b, a) }} create table t {{ k: integer, c: {own}? }}"
            );
            let change = "alter table t { add foreign key (c) references p (a); }".to_owned();
            grid.cell(&Cell { origin: origin.clone(), change }).await;
            let change = "alter table t { add foreign key (k, c) references p (b, a); }".to_owned();
            grid.cell(&Cell { origin, change }).await;
        }
    }
    grid.done(least).await;
}

/// Whether a column of the type can be unique.
fn is_key(ty: &str) -> bool {
    !["postgres::json", "postgres::xml", "postgres::point"].contains(&ty)
}

#[tokio::test]
async fn from_every_type_to_every_type_on_postgresql() {
    every_key(Database::Postgres, &kinds::all(), 100).await;
}

#[tokio::test]
async fn from_every_type_to_every_type_on_sqlite() {
    every_key(Database::Sqlite, &kinds::portable(), 100).await;
}
