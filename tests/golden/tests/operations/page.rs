//! A page of an operation: each example with the SQL that it becomes.

use std::fmt::Write;
use std::sync::Arc;

use migrate_compiler::compile::compile;
use migrate_compiler::draft::{Allow, Draft, Piece};
use migrate_compiler::example;
use migrate_compiler::example::newest;
use migrate_compiler::name::Name;
use migrate_compiler::operation::{CreateIndex, CreateTable, Operation};
use migrate_compiler::problem::PieceId;
use migrate_compiler::schema::{Schema, Table};
use migrate_compiler::state::{Settings, State, Variant};
use migrate_history::{Action, Calls, Database, Migration, Mode, Statement, Step};

/// The file of an operation: `create_table.md`.
pub fn file(operation: &str) -> String {
    format!("{}.md", words(operation).replace(' ', "_"))
}

/// The beginning of its page.
pub fn head(operation: &str) -> String {
    let words = words(operation);
    let (first, rest) = words.split_at(1);
    format!("# {}{rest}\n\nMade by the tests. [The tables before each statement](README.md)\n", first.to_uppercase())
}

/// The page of what the others start from.
pub fn start() -> String {
    let mut page = "# The tables before each statement\n\nMade by the tests: the other pages of this folder begin with these tables, but for those \
                    that they show.\n"
        .to_owned();
    let _ = write!(page, "\n```rust\n{}\n```\n", statements(&example::statements()));
    page
}

/// One example: the tables that are not those of the start, the statement, and its SQL both ways.
pub fn example(before: &Schema, operation: &Operation) -> String {
    let mut page = format!("\n---\n\n```rust\n{operation}\n```\n");
    let own = other_tables(before);
    if !own.is_empty() {
        let _ = write!(page, "\nBefore it:\n\n```rust\n{}\n```\n", statements(&own));
    }
    let mut sql: Vec<(String, String)> = Vec::new();
    for database in before.databases.iter().copied() {
        let (title, text) = (database.title().to_owned(), both_ways(before, operation, database));
        match sql.iter_mut().find(|(_, other)| *other == text) {
            Some((titles, _)) => *titles += &format!(" and {title}"),
            None => sql.push((title, text)),
        }
    }
    for (titles, text) in sql {
        let _ = write!(page, "\n**{titles}**{text}");
    }
    page
}

/// `CreateTable` as `create table`.
fn words(operation: &str) -> String {
    let mut words = String::new();
    for letter in operation.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

fn statements(operations: &[Operation]) -> String {
    operations.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What makes the tables that the start does not have so.
fn other_tables(before: &Schema) -> Vec<Operation> {
    let start = example::schema();
    let is_other = |(name, table): &(&Name, &Arc<Table>)| start.table(name) != Some(table.as_ref());
    before.tables().iter().filter(is_other).flat_map(|(name, table)| creation(name, table)).collect()
}

fn creation(name: &Name, table: &Table) -> Vec<Operation> {
    let indexes = table.indexes.iter().map(|index| CreateIndex { table: name.clone(), index: index.clone() }.into());
    let table = Table { indexes: Vec::new(), ..table.clone() };
    [CreateTable { name: name.clone(), table }.into()].into_iter().chain(indexes).collect()
}

fn both_ways(before: &Schema, operation: &Operation, database: Database) -> String {
    let migration = migration(before, operation, database);
    let script = migration.compiled().script(database).expect("it was asked for");
    let guards: String =
        script.guards().map(|guard| format!("-- refused where rows {}:\n{};\n", guard.refusal, guard.query)).collect();
    let (upgrade, downgrade) = (text(&script.upgrade), text(&script.downgrade));
    if upgrade.is_empty() && guards.is_empty() && downgrade.is_empty() {
        return ": nothing to do\n".to_owned();
    }
    format!("\n\n```sql\n{upgrade}```\n\nDowngrade ({}):\n\n```sql\n{guards}{downgrade}```\n", migration.compiled().level)
}

fn migration(before: &Schema, operation: &Operation, database: Database) -> Migration {
    let variant = Variant { databases: vec![database], objects: before.objects.clone(), record: Default::default() };
    let settings = Settings::tested([newest(database)]);
    let state = State { settings, revisions: vec!["m0001".into()].into(), variants: vec![variant], is_broken: false };
    let rule = match operation.name() {
        "DropTable" | "KeepTable" => Some("drop_table"),
        "DropColumn" | "KeepColumn" => Some("drop_column"),
        _ => None,
    };
    let allows = rule.map(|rule| Allow { id: 0, rule: rule.into(), reason: "tested".into() }).into_iter().collect();
    let piece = Piece {
        id: PieceId(0),
        operation: operation.clone(),
        only: None,
        allows,
        settings: Vec::new(),
        undo: example::undo(operation),
    };
    let outcome = compile(state.next(""), &Draft { pieces: vec![piece], ..Draft::default() }, "");
    assert_eq!(outcome.problems, [], "{operation}");
    outcome.migration.expect("there are no problems")
}

fn text(steps: &[Step]) -> String {
    steps.iter().flat_map(|step| called(step).into_iter().chain(step.statements.iter().map(written))).collect()
}

/// The function that a step calls.
fn called(step: &Step) -> Option<String> {
    let Mode::Program { name, calls } = &step.mode else { return None };
    Some(match calls {
        Calls::Once => format!("-- calls the Rust function {name}\n"),
        Calls::Outside => format!("-- calls the Rust function {name} outside of a transaction\n"),
        Calls::InBatches => format!("-- calls the Rust function {name} in batches, each a transaction\n"),
    })
}

fn written(statement: &Statement) -> String {
    match statement.action {
        Action::Run | Action::Set | Action::Load => format!("{};\n", statement.sql),
        Action::Expect => format!("-- stops where the table is not this:\n-- {}\n", statement.sql.replace('\n', "\n-- ")),
        Action::Keep => format!("-- what this finds is put back at the end:\n-- {}\n", statement.sql),
        Action::Restore => "-- here\n".to_owned(),
    }
}
