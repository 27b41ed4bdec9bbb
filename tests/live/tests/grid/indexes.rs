//! Every type in an index of every method, with every option and operator class.

use migrate_history::Database;
use migrate_live_tests::server;
use migrate_live_tests::session::Session;

use crate::cell::{Cell, Grid};
use crate::kinds;

/// The statement around the key.
const SHAPES: [&str; 4] = [
    "create index on t using M (c);",
    "create index on t using M (c desc);",
    "create unique index on t using M (c);",
    "create index on t using M (k, c);",
];

#[tokio::test]
async fn every_type_in_every_index() {
    let mut grid = Grid::open(Database::Postgres).await;
    let mut session = Session::open(&server::postgres().database().await).await;
    let methods = session.column("SELECT amname::text FROM pg_am WHERE amtype = 'i' ORDER BY 1").await;
    let classes =
        session.rows("SELECT DISTINCT amname::text, opcname::text FROM pg_opclass JOIN pg_am a ON a.oid = opcmethod").await;
    let classes: Vec<[String; 2]> = classes.into_iter().map(|row| [row[0].clone().unwrap(), row[1].clone().unwrap()]).collect();
    for ty in kinds::all() {
        let cell = |change: String| Cell { origin: format!("create table t {{ k: integer, c: {ty}? }}"), change };
        for method in &methods {
            for shape in SHAPES {
                grid.cell(&cell(shape.replace('M', method))).await;
            }
            grid.cell(&cell(format!("create index on t using {method} (k) include (c);"))).await;
            for [_, class] in classes.iter().filter(|[of, _]| of == method) {
                grid.cell(&cell(format!("create index on t using {method} (c with {class});"))).await;
            }
        }
        for change in [
            "create index on t (c);",
            "alter table t { add unique (c); }",
            "alter table t { alter c set not null; add primary key (c); }",
        ] {
            grid.cell(&cell(change.to_owned())).await;
        }
    }
    grid.done(400).await;
}
