//! The recipes of the page "Data migrations", read from the book: each migration compiles with the dangers that it accepts and no others,
//! gives what the page says, and is undone.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

mod recipe;

use std::path::Path;

use migrate_history::{Database, History};
use migrate_live_tests::snapshot::Snapshot;
use migrate_live_tests::{compiled, server, shell, sqlite, written};

use self::recipe::{Block, Recipe, recipes};

/// How many recipes the page has at least.
const RECIPES: usize = 10;

const NAMES: [&str; 6] = ["m1", "m2", "m3", "m4", "m5", "m6"];

#[tokio::test]
async fn every_recipe_does_what_the_book_says() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/data.md")).unwrap();
    let recipes = recipes(&page);
    assert!(recipes.len() >= RECIPES, "the page has {} recipes", recipes.len());
    for recipe in &recipes {
        for &database in Database::ALL {
            run(recipe, database).await;
        }
    }
}

async fn run(recipe: &Recipe<'_>, database: Database) {
    let file = sqlite::file();
    let url = match database {
        Database::Postgres => server::postgres().database().await,
        Database::Sqlite => file.url(),
    };
    let told = format!("{} on {database}", recipe.title);
    let (mut migrations, mut rows, mut origin) = (Vec::new(), 0, None);
    for block in &recipe.blocks {
        match block {
            Block::Migration(text) => {
                if migrations.len() == 1 {
                    origin = Some(Snapshot::take(&url).await);
                }
                migrations.push(*text);
                upgrade(&url, &history(&told, database, &migrations), &told).await;
            }
            Block::Application(sql) => shell::run(&url, sql).await,
            Block::Rows(query, expected) => {
                rows += 1;
                assert_eq!(shell::ask(&url, query).await, *expected, "{told}");
            }
        }
    }
    assert!(rows > 0 && migrations.len() > 1, "{told} shows what it does");
    let history = history(&told, database, &migrations);
    undo(&url, &history, &told).await;
    let after = Snapshot::take(&url).await;
    assert_eq!(origin.expect("there are two migrations").schema, after.schema, "{told}");
    upgrade(&url, &history, &told).await;
}

fn history(told: &str, database: Database, migrations: &[&str]) -> History {
    let drafts = NAMES.into_iter().zip(migrations.iter().map(|text| written::draft(text))).collect();
    compiled::exactly("recipes", database, drafts).unwrap_or_else(|problems| panic!("{told}: {problems:#?}"))
}

async fn upgrade(url: &str, history: &History, told: &str) {
    migrate_runtime::upgrade(url, history, "head").await.unwrap_or_else(|error| panic!("{told}: {error}"));
}

/// Back to the first migration, whose tables the recipe begins with.
async fn undo(url: &str, history: &History, told: &str) {
    migrate_live_tests::downgrade(url, history, NAMES[0]).await.unwrap_or_else(|error| panic!("{told}: {error}"));
}
