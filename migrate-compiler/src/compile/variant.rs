//! Which databases run which statements.

use migrate_history::Database;

use crate::draft::{Draft, Piece};
use crate::footprint::Record;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::sql::registry::features;
use crate::state::State;
use crate::suggestion::did_you_mean;

/// Databases that have the same schema and run the same statements.
pub(super) struct RunVariant {
    /// The schema before the migration.
    pub before: Schema,
    /// Who touched what of it.
    pub record: Record,
}

/// Divides the variants of the state where a statement is for some databases only. Rule `only_elsewhere`.
pub(super) fn split(before: &State, draft: &Draft, problems: &mut Problems) -> Vec<RunVariant> {
    // A downgrade may be for some databases only, too.
    let pieces = draft.every_piece();
    for piece in &pieces {
        only_elsewhere(before, piece, problems);
        has_settings(before, piece, problems);
    }
    let mut variants = Vec::new();
    for variant in &before.variants {
        let mut kinds: Vec<(Vec<bool>, Vec<Database>)> = Vec::new();
        for database in &variant.databases {
            let runs: Vec<bool> = pieces.iter().map(|piece| is_for(piece, *database)).collect();
            match kinds.iter_mut().find(|(kind, _)| *kind == runs) {
                Some((_, databases)) => databases.push(*database),
                None => kinds.push((runs, vec![*database])),
            }
        }
        let schema = before.schema_of(variant);
        variants.extend(kinds.into_iter().map(|(_, databases)| RunVariant {
            before: Schema { databases: databases.into(), ..schema.clone() },
            record: variant.record.clone(),
        }));
    }
    variants
}

/// Whether the database runs the piece.
pub(super) fn is_for(piece: &Piece, database: Database) -> bool {
    piece.only.as_ref().is_none_or(|only| only.contains(&database))
}

/// Rule `unsupported`: one of the databases that run the statement has settings. They are how a statement runs and not what it does, so the
/// others run it without them.
fn has_settings(before: &State, piece: &Piece, problems: &mut Problems) {
    let Some(setting) = piece.settings.first() else { return };
    let running: Vec<Database> = before.settings.databases().filter(|database| is_for(piece, *database)).collect();
    if running.iter().any(|database| features(*database).session_settings) {
        return;
    }
    let names: Vec<&str> = running.iter().map(|database| database.title()).collect();
    let slot = Slot::new(Role::Word, &setting.name);
    let message = format!("{} has no settings for one statement", names.join(" and "));
    let problem = Problem::new("unsupported", slot, message).help("remove `#[set(…)]`");
    problems.of(piece.id, |problems| problems.push(problem));
}

/// Rule `only_elsewhere`: the history does not support the database.
fn only_elsewhere(before: &State, piece: &Piece, problems: &mut Problems) {
    let served: Vec<Database> = before.settings.databases().collect();
    for database in piece.only.iter().flatten().filter(|database| !served.contains(database)) {
        let word = database.word();
        let words: Vec<&str> = served.iter().map(|database| database.word()).collect();
        let near = did_you_mean(word, served.iter().map(|database| database.word()));
        let problem =
            Problem::new("only_elsewhere", Slot::new(Role::Word, word), format!("`{word}` is not a database of this history"));
        let problem = problem
            .help_if(near)
            .help(format!("write `databases: {}, {word};` in `history!`, or remove the statement", words.join(", ")));
        problems.of(piece.id, |problems| problems.push(problem));
    }
}
