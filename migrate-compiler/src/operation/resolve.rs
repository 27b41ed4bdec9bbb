//! Finding what an operation names, or saying that it is not there.

use std::sync::Arc;

use crate::footprint::Part;
use crate::help::Help;
use crate::name::{Name, Written, WrittenColumn};
use crate::objects::{Kind, Object};
use crate::problem::{Origin, Problem, Problems, Role, Slot};
use crate::schema::{Column, Constraint, Index, KeptOf, Rule, Schema, Table};
use crate::sql::registry::where_true;
use crate::suggestion::{did_you_mean, did_you_mean_name, nearest};

/// The table, which may be one that is kept, or rule `unknown_table`.
pub(crate) fn any_table<'a>(schema: &'a Schema, name: &Name, role: Role, problems: &mut Problems) -> Option<&'a Table> {
    let table = schema.table(name);
    if table.is_none() {
        problems.push(
            Problem::new("unknown_table", Slot::new(role, name.to_string()), format!("unknown table `{name}`"))
                .help_if(column_after_dot(schema, name, role))
                .help_if(kept_table(schema, name))
                .help_if(near(schema, Kind::Table, name))
                .origin(Origin::dropped(name, Part::All)),
        );
    }
    table
}

/// What restores a table that is kept under this name.
fn kept_table(schema: &Schema, name: &Name) -> Option<String> {
    let is_it = |(place, table): &(&Name, &Arc<Table>)| {
        let kept = table.kept.as_ref().filter(|kept| kept.of == KeptOf::Table);
        kept.is_some_and(|kept| place.sibling(kept.name.as_str()) == *name)
    };
    let kept = schema.tables().iter().find(is_it);
    kept.map(|_| format!("its data is kept: write `restore table {name};` before it"))
}

/// The table, or rules `unknown_table` and `kept_data`: what is kept can be restored or dropped, and nothing else.
pub(crate) fn table<'a>(schema: &'a Schema, name: &Name, role: Role, problems: &mut Problems) -> Option<&'a Table> {
    let found = any_table(schema, name, role, problems)?;
    if let Some(kept) = &found.kept {
        let message = format!("`{name}` is kept data: it can only be restored or dropped");
        let was = name.sibling(kept.name.as_str());
        let problem = Problem::new("kept_data", Slot::new(role, name.to_string()), message);
        problems.push(problem.help(match kept.of {
            KeptOf::Table => format!("restore the table first, and use its own name, `{was}`"),
            KeptOf::Rows | KeptOf::Values => format!("these are rows of `{was}`, which the downgrade restores"),
        }));
    }
    Some(found)
}

/// The column, or rules `unknown_column` and `kept_data`.
pub(crate) fn column<'a>(owner: &Name, table: &'a Table, name: &str, role: Role, problems: &mut Problems) -> Option<&'a Column> {
    let found = any_column(owner, table, name, role, problems)?;
    refuse_kept(found, role, problems);
    Some(found)
}

fn refuse_kept(column: &Column, role: Role, problems: &mut Problems) {
    if let Some(kept) = &column.kept {
        let shown = Written(&column.name);
        let message = format!("`{shown}` is kept data: it can only be restored or dropped");
        let problem = Problem::new("kept_data", Slot::new(role, &column.name), message);
        let help = format!("restore the column first, and use its own name, `{}`", Written(&kept.name));
        problems.push(problem.help(help));
    }
}

/// What to write for a column that a foreign key refers to as `users.id`.
fn column_after_dot(schema: &Schema, name: &Name, role: Role) -> Option<String> {
    let written = name.schema.as_deref().filter(|_| role == Role::Target)?;
    let has = |(table, body): &(&Name, &Arc<Table>)| table.schema.is_none() && body.column(&name.name).is_some();
    let tables: Vec<&str> = schema.tables().iter().filter(has).map(|(table, _)| table.name.as_str()).collect();
    let table = nearest(written, tables)?;
    Some(format!("write `{} ({})`", Written(table), Written(&name.name)))
}

/// The column, which may be one that is kept, or rule `unknown_column`.
pub(crate) fn any_column<'a>(
    owner: &Name,
    table: &'a Table,
    name: &str,
    role: Role,
    problems: &mut Problems,
) -> Option<&'a Column> {
    spelled_column((owner, table), name, role, |name| Written(name).to_string(), problems)
}

/// The column that an expression names, or rule `unknown_column`.
pub(crate) fn column_in_expression<'a>(
    owner: &Name,
    table: &'a Table,
    name: &str,
    problems: &mut Problems,
) -> Option<&'a Column> {
    let found = spelled_column((owner, table), name, Role::Use, |name| WrittenColumn(name).to_string(), problems)?;
    refuse_kept(found, Role::Use, problems);
    Some(found)
}

fn spelled_column<'a>(
    (owner, table): (&Name, &'a Table),
    name: &str,
    role: Role,
    spell: fn(&str) -> String,
    problems: &mut Problems,
) -> Option<&'a Column> {
    let column = table.column(name);
    if column.is_none() {
        let used = table.columns.iter().filter(|column| column.kept.is_none());
        let near = did_you_mean_name(name, used.map(|column| column.name.as_str()), spell);
        let is_it = |column: &&Column| column.kept.as_ref().is_some_and(|kept| kept.name == name);
        let kept = table.columns.iter().find(is_it);
        let kept =
            kept.map(|_| format!("its data is kept: write `alter table {owner} {{ restore {}; }}` before it", spell(name)));
        let origin = Origin::dropped(owner, Part::Column(name.to_owned()));
        let message = format!("unknown column `{}` in `{owner}`", spell(name));
        problems.push(Problem::new("unknown_column", Slot::new(role, name), message).help_if(kept).help_if(near).origin(origin));
    }
    column
}

/// The constraint, or rule `unknown_constraint`.
pub(crate) fn constraint<'a>(schema: &'a Schema, owner: &Name, name: &str, problems: &mut Problems) -> Option<&'a Constraint> {
    let table = table(schema, owner, Role::Table, problems)?;
    let constraint = table.constraint(name);
    if constraint.is_none() {
        let index = table.index(name).map(|_| format!("it is an index: write `drop index {};`", Written(name)));
        let near = did_you_mean_name(name, table.constraints.iter().map(Constraint::name), |name| Written(name).to_string());
        let origin = Origin::dropped(owner, Part::Constraint(name.to_owned()));
        let message = format!("unknown constraint `{}` in `{owner}`", Written(name));
        let problem = Problem::new("unknown_constraint", Slot::new(Role::Constraint, name), message);
        problems.push(problem.help_if(index).help_if(near).origin(origin));
    }
    constraint
}

/// The index and its table, or rule `unknown_index`.
pub(crate) fn index<'a>(schema: &'a Schema, name: &Name, problems: &mut Problems) -> Option<(&'a Name, &'a Index)> {
    let index = schema.index(name);
    if index.is_none() {
        let indexes =
            schema.tables().iter().flat_map(|(table, body)| body.indexes.iter().map(move |index| table.sibling(index.name())));
        let names: Vec<String> = indexes.map(|name| name.to_string()).collect();
        let behind = schema.tables().holders(name).find(|(_, body)| body.constraint(&name.name).is_some());
        let behind = behind.map(|(table, _)| {
            format!("it belongs to a constraint: write `alter table {table} {{ drop constraint {}; }}`", Written(&name.name))
        });
        let near = did_you_mean(&name.to_string(), names.iter().map(String::as_str));
        let problem = Problem::new("unknown_index", Slot::new(Role::Index, name.to_string()), format!("unknown index `{name}`"));
        problems.push(problem.help_if(behind).help_if(near).origin(Origin::dropped(name, Part::Name)));
    }
    index
}

/// Rule `name_taken`: PostgreSQL keeps tables, indexes, keys and sequences of a schema in one set of names.
pub(crate) fn is_free(schema: &Schema, name: &Name, slot: Slot, problems: &mut Problems) -> bool {
    refuse_taken(name, holder(schema, name, None), slot, problems)
}

/// The same of a key of a table, which the schema may hold already.
pub(crate) fn is_free_for_key(schema: &Schema, owner: &Name, key: &Constraint, problems: &mut Problems) {
    if key.rule.key_columns().is_empty() || where_true(schema, |features| features.keys_share_names).is_none() {
        return;
    }
    let name = owner.sibling(key.name());
    let holder = holder(schema, &name, Some((owner, Own::Constraint(key.name()))));
    refuse_taken(&name, holder, Slot::new(Role::Constraint, key.name()), problems);
}

/// The same of the sequence of a column, which the schema may hold already.
pub(crate) fn is_free_for_sequence(schema: &Schema, owner: &Name, column: &Column, problems: &mut Problems) {
    let shares = where_true(schema, |features| features.keys_share_names).is_some();
    let Some(counter) = column.counter.as_ref().filter(|_| shares) else { return };
    let name = owner.sibling(counter.sequence.as_str());
    let holder = holder(schema, &name, Some((owner, Own::Column(&column.name))));
    refuse_taken(&name, holder, Slot::new(Role::Column, &column.name), problems);
}

/// Rule `name_taken`, where a database does not tell capital letters from small ones: SQLite keeps tables and indexes in one set of
/// names. `own` is the name that is given up.
pub(crate) fn is_distinct(schema: &Schema, name: &Name, own: Option<&Name>, slot: Slot, problems: &mut Problems) {
    let Some(database) = where_true(schema, |features| features.names_fold_case) else { return };
    let of = |(table, body): (&Name, &Arc<Table>)| {
        body.indexes.iter().map(|index| table.sibling(index.name())).chain([table.clone()]).collect::<Vec<_>>()
    };
    let mut names: Vec<Name> = schema.tables().holders(name).flat_map(of).collect();
    names.sort();
    let is_same = |other: &&Name| *other != name && Some(*other) != own && other.name.eq_ignore_ascii_case(&name.name);
    if let Some(other) = names.iter().find(is_same) {
        let message = format!("`{other}` and `{name}` are the same name on {database}");
        let problem = Problem::new("name_taken", slot, message).help("use another name");
        problems.push(problem.note(format!("{database} does not distinguish upper and lower case in names")));
    }
}

fn refuse_taken(name: &Name, holder: Option<String>, slot: Slot, problems: &mut Problems) -> bool {
    if let Some(what) = &holder {
        let message = format!("the name `{name}` is already used by {what}");
        let why = "tables, indexes, keys and sequences share one set of names on PostgreSQL";
        problems.push(Problem::new("name_taken", slot, message).help("use another name").note(why));
    }
    holder.is_none()
}

/// What has the name itself, and so is not in its own way.
#[derive(Clone, Copy)]
enum Own<'a> {
    Constraint(&'a str),
    Column(&'a str),
}

/// What has this name, but for a part of a table.
fn holder(schema: &Schema, name: &Name, own: Option<(&Name, Own<'_>)>) -> Option<String> {
    let is_object = |kind: &&Kind| kind.shares_names() && schema.object(**kind, name).is_some();
    if let Some(kind) = Kind::ALL.iter().find(is_object) {
        return Some(kind.with_article());
    }
    let is_own = |table: &Name, part: &Own<'_>| match (own, part) {
        (Some((owner, Own::Constraint(own))), Own::Constraint(name)) => owner == table && own == *name,
        (Some((owner, Own::Column(own))), Own::Column(name)) => owner == table && own == *name,
        (Some(_) | None, Own::Constraint(_) | Own::Column(_)) => false,
    };
    schema.tables().holders(name).find_map(|(table, body)| {
        let index = body.index(&name.name).map(|_| format!("an index of `{table}`"));
        let key = |constraint: &&Constraint| matches!(constraint.rule, Rule::PrimaryKey { .. } | Rule::Unique { .. });
        let key = body
            .constraint(&name.name)
            .filter(key)
            .filter(|key| !is_own(table, &Own::Constraint(key.name())))
            .map(|key| format!("the {} of `{table}`", key.rule.title()));
        let mut counted = body.columns.iter().filter(|column| !is_own(table, &Own::Column(&column.name)));
        let has_it = |column: &&Column| column.counter.as_ref().is_some_and(|counter| counter.sequence == name.name);
        let sequence = counted.find(has_it).map(|_| format!("a sequence of `{table}`"));
        index.or(key).or(sequence)
    })
}

/// Rule `rename_moves`.
pub(crate) fn rename_moves(from: &Name, to: &Name, problems: &mut Problems) {
    let message = format!("`rename` cannot move `{from}` to another schema");
    let problem = Problem::new("rename_moves", Slot::new(Role::To, to.to_string()), message);
    let help = if from.name == to.name {
        "remove it: a rename cannot change the schema".to_owned()
    } else {
        format!("write `{}`", from.sibling(to.name.as_str()))
    };
    problems.push(problem.help(help));
}

/// Rule `changes_nothing`.
pub(crate) fn changes_nothing(role: Role, word: &str, why: String, problems: &mut Problems) {
    problems.push(Problem::new("changes_nothing", Slot::new(role, word), why).help("remove it: it changes nothing"));
}

/// Rule `column_exists`.
pub(crate) fn column_exists(table: &Name, column: &str, problems: &mut Problems) {
    let message = format!("duplicate column `{}` in `{table}`", Written(column));
    let help = "use another name, or remove it";
    let origin = Origin::made(table, Part::Column(column.to_owned()));
    problems.push(Problem::new("column_exists", Slot::new(Role::Column, column), message).help(help).origin(origin));
}

/// Rule `constraint_exists`.
pub(crate) fn constraint_exists(table: &Name, constraint: &Constraint, problems: &mut Problems) {
    let name = constraint.name();
    let message = format!("duplicate constraint `{}` in `{table}`", Written(name));
    let slot = Slot::new(Role::Constraint, name);
    let other = Constraint { name: Some(format!("{name}_2")), ..constraint.clone() };
    let problem = Problem::new("constraint_exists", slot, message).help(format!("use another name: `{other}`"));
    problems.push(problem.origin(Origin::made(table, Part::Constraint(name.to_owned()))));
}

/// "did you mean" an object of this kind?
pub(crate) fn near(schema: &Schema, kind: Kind, name: &Name) -> Option<Help> {
    let is_used = |(_, object): &(_, &Object)| object.table().is_none_or(|table| table.kept.is_none());
    let known: Vec<String> = schema.objects.of_kind(kind).filter(is_used).map(|(name, _)| name.to_string()).collect();
    did_you_mean(&name.to_string(), known.iter().map(String::as_str))
}
