//! A recipe of the book: a section with its migrations, what the application does between them, and what a query gives.

/// A section of the page.
#[derive(Debug)]
pub struct Recipe<'b> {
    /// Its heading.
    pub title: &'b str,
    /// What it shows, in order.
    pub blocks: Vec<Block<'b>>,
}

/// A block of code.
#[derive(Debug)]
pub enum Block<'b> {
    /// The statements of a migration.
    Migration(&'b str),
    /// What the application does.
    Application(&'b str),
    /// A query, and its rows.
    Rows(&'b str, Vec<String>),
}

/// The recipes of a page: the sections below the heading `Recipes`.
///
/// # Panics
/// A block is of another kind.
pub fn recipes(page: &str) -> Vec<Recipe<'_>> {
    let (_, recipes) = page.split_once("\n## Recipes\n").expect("the page has recipes");
    let recipes = recipes.split_once("\n## ").map_or(recipes, |(recipes, _)| recipes);
    recipes.split("\n### ").skip(1).map(recipe).collect()
}

fn recipe(section: &str) -> Recipe<'_> {
    let (title, text) = section.split_once('\n').expect("a heading is a line");
    let blocks = text.split("\n```").skip(1).step_by(2).map(block).collect();
    Recipe { title, blocks }
}

fn block(text: &str) -> Block<'_> {
    let (kind, code) = text.split_once('\n').expect("a block has a first line");
    match kind {
        "rust,ignore" => Block::Migration(code),
        "sql" => Block::Application(code),
        "text" => {
            let (query, rows) = code.split_once('\n').expect("a query is a line");
            Block::Rows(query, rows.lines().map(|row| row.replace(" | ", "|")).collect())
        }
        _ => panic!("a recipe has a block of `{kind}`"),
    }
}
