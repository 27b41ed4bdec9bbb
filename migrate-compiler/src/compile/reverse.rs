//! The downgrade: worked out from the schema before each statement, or as it was written.

use crate::compile::apply::{apply, walk};
use crate::compile::created::Created;
use crate::compile::detour::without_detours;
use crate::compile::downgrade::Downgrade;
use crate::compile::group::{UndoGroup, groups};
use crate::compile::guard;
use crate::compile::prove;
use crate::compile::simulate::{apply_written, own};
use crate::compile::upgrade::{Simulated, Upgrade};
use crate::draft::{Draft, Piece, Undo};
use crate::effect::{Reach, Reached};
use crate::expr::Expr;
use crate::footprint::{Part, Path};
use crate::lint::required_columns;
use crate::name::Written;
use crate::operation::{KeepRows, KeptChange, Operation, Reversal, RowKeeping, plain_value};
use crate::problem::{PieceId, Problem, Problems, Role, Slot};
use crate::schema::Schema;
use crate::transition::Transition;

/// Works out the downgrade. Rules `needs_undo`, `undo_nothing`, `down_and_undo` and those of what was written.
pub(super) fn downgrade(upgrade: &Upgrade<'_>, draft: &Draft, problems: &mut Problems) -> Downgrade {
    let groups = groups(upgrade, draft);
    if let Some(down) = &draft.down {
        down_and_undo(&groups, problems);
        let steps = written(down, upgrade.end.clone(), problems);
        return Downgrade { steps, irreversible: None };
    }
    let irreversible: Vec<&str> = groups.iter().filter_map(|group| reason(group.undo)).collect();
    if !irreversible.is_empty() {
        return Downgrade { steps: Vec::new(), irreversible: Some(irreversible.join("; ")) };
    }
    let mut operations: Vec<(PieceId, Operation)> = Vec::new();
    for group in groups.iter().rev() {
        operations.extend(problems.of(group.piece, |problems| undo(group, problems)));
    }
    let (steps, _) = walk(operations, upgrade.end.clone());
    let steps = without_detours(steps, &upgrade.end);
    always_null(upgrade, &steps, problems);
    Downgrade { steps, irreversible: None }
}

fn reason(undo: &Undo) -> Option<&str> {
    match undo {
        Undo::Irreversible(reason) => Some(reason),
        Undo::Inferred | Undo::Written(_) | Undo::Default(_) | Undo::Nothing(_) => None,
        Undo::Unread | Undo::Together | Undo::Part => None,
    }
}

/// The downgrade of one statement, one action or one block.
fn undo(group: &UndoGroup<'_>, problems: &mut Problems) -> Vec<(PieceId, Operation)> {
    match group.undo {
        Undo::Inferred | Undo::Together | Undo::Part => {
            group.statements.iter().rev().flat_map(|one| inferred(one, problems)).collect()
        }
        Undo::Written(pieces) => after_parts(group, pieces).unwrap_or_else(|| replaced(group, pieces, problems)),
        Undo::Unread => believed(group).into_iter().map(|operation| (group.piece, operation)).collect(),
        Undo::Default(value) => group.statements.iter().filter_map(|one| filled(one, value, problems)).collect(),
        Undo::Nothing(_) => {
            undo_nothing(group, problems);
            Vec::new()
        }
        Undo::Irreversible(_) => Vec::new(),
    }
}

/// What was written in the place of what would be inferred.
fn replaced(group: &UndoGroup<'_>, pieces: &[Piece], problems: &mut Problems) -> Vec<(PieceId, Operation)> {
    let mut found = Problems::new();
    let steps = written(&said(group, pieces), group.after().clone(), &mut found);
    let can_be_done = found.is_empty();
    // A mistake in the statement may be one in its downgrade as well, and is reported once.
    problems.add_new(found);
    if can_be_done {
        prove::undo_leads_back(group, &steps, problems);
    }
    steps.into_iter().map(|step| (step.piece, step.operation)).collect()
}

/// The same, where it is for a new column or table alone: its constraints and indexes are dropped before it, as if nothing had been
/// written. Only where that is right.
fn after_parts(group: &UndoGroup<'_>, pieces: &[Piece]) -> Option<Vec<(PieceId, Operation)>> {
    if !group.has_parts || pieces.iter().all(is_unread) {
        return None;
    }
    let (own, parts) = group.without_parts();
    let mut found = Problems::new();
    let mut operations: Vec<_> = parts.iter().rev().flat_map(|one| inferred(one, &mut found)).collect();
    operations.extend(replaced(&own, pieces, &mut found));
    found.take().is_empty().then_some(operations)
}

/// What was written, for the databases of the group. What is raw SQL alone gets the effect that it must have: the compiler does not
/// read it, so what it is for is believed.
fn said(group: &UndoGroup<'_>, pieces: &[Piece]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = own(pieces, group.after()).cloned().collect();
    if pieces.iter().all(is_unread)
        && let Some(raw) = pieces.last_mut().and_then(|last| last.operation.raw_mut())
    {
        raw.effect = Some(believed(group));
    }
    pieces
}

/// Whether it is SQL of which nothing is known.
fn is_unread(piece: &Piece) -> bool {
    piece.operation.raw().is_some_and(|raw| raw.effect.is_none())
}

/// What brings the schema back, whatever becomes of the rows.
fn believed(group: &UndoGroup<'_>) -> Vec<Operation> {
    group.statements.iter().rev().flat_map(|one| one.step.operation.restores(&one.step.before)).collect()
}

/// `undo default EXPR`: the column as it was, with this value in every row. Rules `default_type`, `default_null` and those of its
/// parts.
fn filled(statement: &Simulated<'_>, value: &Expr, problems: &mut Problems) -> Option<(PieceId, Operation)> {
    let Transition { operation, before, .. } = &statement.step;
    let add = operation.restored_with(before, value).filter(|_| statement.sound)?;
    let mut found = Problems::new();
    apply(&add, statement.piece.id, &statement.step.after, &mut found);
    problems.add_new(found);
    Some((statement.piece.id, add))
}

/// Rule `needs_undo`: no downgrade fits every row.
fn inferred(statement: &Simulated<'_>, problems: &mut Problems) -> Vec<(PieceId, Operation)> {
    if !statement.sound || has_own_rows(statement) {
        return Vec::new();
    }
    if let Some(reached) = statement.effects.reaches.first() {
        let (operation, before) = (&statement.step.operation, &statement.step.before);
        problems
            .of(statement.piece.id, |problems| problems.push(changed_rows((&operation.to_string(), operation), before, reached)));
        return Vec::new();
    }
    match statement.step.operation.reverse(&statement.step.before) {
        Reversal::Back(operations) => operations.into_iter().map(|operation| (statement.piece.id, operation)).collect(),
        Reversal::Impossible { why, write } => {
            let message = format!("`undo` is required: {why}");
            let problem = Problem::new("needs_undo", Slot::statement(), message);
            let problem = problem.help(format!("write `{write}`, or end it with `irreversible \"reason\"`"));
            problems.of(statement.piece.id, |problems| problems.push(problem));
            Vec::new()
        }
    }
}

/// Whether it is about rows of a table that the migration made, which is dropped with them.
fn has_own_rows(statement: &Simulated<'_>) -> bool {
    let Simulated { step, effects, .. } = statement;
    let keeps = step.operation.about(&step.before).keeping == RowKeeping::Keeps;
    step.operation.is_about_rows() && !keeps && effects.inserts.is_none() && effects.reaches.is_empty()
}

/// Rule `needs_undo`: no downgrade can be inferred that restores changed or deleted rows. The operation is shown as the text before it.
pub(super) fn changed_rows(
    (statement, operation): (&str, &Operation),
    before: &Schema,
    Reached { table, reach }: &Reached,
) -> Problem {
    let columns = |columns: &[String]| columns.iter().map(|name| format!("`{table}.{}`", Written(name))).collect::<Vec<_>>();
    let (why, reason, note) = match reach {
        Reach::Deleted => (format!("the deleted rows of `{table}` are not kept"), "the rows are not needed", None),
        Reach::Updated(names) => match columns(names).as_slice() {
            [column] => (format!("the old values of {column} are not kept"), "the old values are not needed", None),
            several => {
                let why = format!("the old values of {} columns of `{table}` are not kept", several.len());
                (why, "the old values are not needed", Some(format!("the columns are {}", several.join(", "))))
            }
        },
    };
    let statement = statement.trim_end_matches(';');
    let problem = Problem::new("needs_undo", Slot::statement(), format!("`undo` is required: {why}"));
    let keep = if can_keep(operation, before) { format!("write `{statement} keep data;`, or ") } else { "write ".to_owned() };
    problem.note_if(note).help(format!(
        "{keep}`{statement} undo nothing \"{reason}\";`, or statements that restore them, `{statement} undo {{ … }}`, or end it with \
         `irreversible \"reason\"`"
    ))
}

/// Whether the rows that it changes could be kept.
fn can_keep(operation: &Operation, before: &Schema) -> bool {
    let Some(change) = KeptChange::of(operation) else { return false };
    let mut problems = Problems::new();
    Operation::from(KeepRows { change, number: None }).apply(&mut before.clone(), &mut problems);
    problems.take().is_empty()
}

/// Rule `needs_undo`, where two statements together leave no value for the rows: a column that becomes nullable and is dropped.
fn always_null(upgrade: &Upgrade<'_>, steps: &[Transition], problems: &mut Problems) {
    for (place, table, column) in guard::always_null(steps, &upgrade.end) {
        let path = Path::new(&table, Part::Column(column.clone()));
        let added = |step: &&Transition| step.operation.about(&step.before).makes.as_ref() == Some(&path);
        let culprit = steps[..place].iter().rev().find(added).unwrap_or(&steps[place]);
        let ty = steps[place].before.table(&table).and_then(|table| table.column(&column)).map(|column| &column.ty);
        let value = ty.map_or_else(|| "…".to_owned(), |ty| plain_value(ty).to_string());
        let shown = Written(&column);
        let message = format!("`undo` is required: `{shown}` becomes `not null` again and has no default");
        let problem = Problem::new("needs_undo", Slot::statement(), message)
            .help(format!("write `drop {shown} undo default {value};`, or end it with `irreversible \"reason\"`"));
        problems.of(culprit.piece, |problems| problems.push(problem));
    }
}

/// Rule `undo_nothing`: what changed the schema is not undone by doing nothing.
fn undo_nothing(group: &UndoGroup<'_>, problems: &mut Problems) {
    if let Some(difference) = crate::difference::first(group.before(), group.after()).filter(|_| group.is_sound()) {
        let message = format!("`undo nothing` does not restore the schema: {difference}");
        let help = "remove it to have the downgrade inferred, or write `undo { … }`";
        problems.push(Problem::new("undo_nothing", Slot::new(Role::Undo, ""), message).help(help));
    }
}

/// Rule `down_and_undo`: two downgrades were written.
fn down_and_undo(groups: &[UndoGroup<'_>], problems: &mut Problems) {
    for group in groups.iter().filter(|group| group.undo.is_written()) {
        let message = "`down` replaces the inferred downgrade, so this `undo` is never used";
        let problem = Problem::new("down_and_undo", Slot::new(Role::Undo, ""), message).help("remove one of the two");
        problems.of(group.piece, |problems| problems.push(problem));
    }
}

/// Does what was written as a downgrade, reporting what is wrong with it.
fn written(pieces: &[Piece], from: Schema, problems: &mut Problems) -> Vec<Transition> {
    let mut schema = from;
    let mut steps = Vec::new();
    let mut created = Created::default();
    let pieces: Vec<&Piece> = own(pieces, &schema).collect();
    for (place, piece) in pieces.iter().enumerate() {
        let mut operation = piece.operation.clone();
        operation.complete(&schema);
        let (after, sound) = apply_written(&operation, piece, &pieces[place + 1..], &schema, problems);
        if sound {
            let required = required_columns(&created.effects(&operation, &schema), &after);
            problems.of(piece.id, |problems| required.into_iter().for_each(|problem| problems.push(problem)));
        }
        created.note(&operation, &schema);
        let before = std::mem::replace(&mut schema, after.clone());
        steps.push(Transition { operation, piece: piece.id, settings: piece.settings.clone(), before, after });
    }
    steps
}
