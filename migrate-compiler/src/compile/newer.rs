//! What a change requires of a newer server than the oldest one that the history supports.
//!
//! What is rendered is read, as a run reads it, so that one list has every form: of the compiler's own SQL, of raw SQL, and of what
//! only a ledger has. The change then tells the word that requires it.

use std::sync::Arc;

use migrate_history::Version;
use migrate_history::sql::{Need, beyond};

use crate::compile::strategy::Stage;
use crate::ddl::{Change, Ddl};
use crate::expr::{Binary, Expr};
use crate::online::Online;
use crate::problem::{EntryId, Problem, Role, Slot};
use crate::schema::{Column, Constraint, Index, Rule, Table};
use crate::sql;
use crate::state::Settings;

/// What one change requires, and the history's servers do not all have. Rule `server_version`.
pub(super) fn newer(stage: &Stage, server: Version, settings: &Settings) -> Vec<Problem> {
    let texts = texts(stage, server);
    let problem = |need: Need| problem(need, place(stage, server, need), author(stage), (server, settings));
    needs(server, &texts).into_iter().map(problem).collect()
}

/// What of the statements the server does not have.
pub(super) fn needs<'t>(server: Version, statements: impl IntoIterator<Item = &'t String>) -> Vec<Need> {
    beyond(server, statements.into_iter().map(String::as_str))
}

/// The statements of a change; none where the database cannot do it.
fn texts(stage: &Stage, server: Version) -> Vec<String> {
    match stage {
        Stage::Joined(ddl) | Stage::Apart(ddl) | Stage::Program(ddl, _) => rendered(ddl, server),
        Stage::Online(online) => sql::online(server.database, online)
            .map(|step| step.statements.into_iter().chain(step.plain).collect())
            .unwrap_or_default(),
    }
}

fn rendered(ddl: &Ddl, server: Version) -> Vec<String> {
    let rendered = sql::render(server.database, ddl).unwrap_or_default();
    rendered.statements.into_iter().map(|(_, sql)| sql).collect()
}

/// The option of keys and indexes, as the parser marks it.
const NULLS: &str = "nulls not distinct";

/// Where a change is written: its entry, where it has several, and the word.
type WrittenPlace = (Option<EntryId>, Slot);

/// Who wrote the SQL.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    Compiler,
    User,
}

fn author(stage: &Stage) -> Author {
    if let Stage::Joined(Ddl::Raw { .. }) | Stage::Apart(Ddl::Raw { .. }) = stage { Author::User } else { Author::Compiler }
}

fn problem(need: Need, (entry, slot): WrittenPlace, author: Author, (server, settings): (Version, &Settings)) -> Problem {
    let what = match (author, need.words()) {
        (Author::Compiler, Some(words)) => words.to_owned(),
        (Author::Compiler, None) | (Author::User, _) => format!("`{}`", need.sql()),
    };
    let message = format!("{what} requires {}, and the history supports {server}", need.version);
    let help = format!("write in `history!`: `databases: {};`", settings.serving(need.version));
    Problem { entry, ..Problem::new("server_version", slot, message) }.help(help)
}

/// The entry of a change that requires it, and the word in there.
fn place(stage: &Stage, server: Version, need: Need) -> WrittenPlace {
    match stage {
        Stage::Joined(ddl) | Stage::Apart(ddl) | Stage::Program(ddl, _) => in_change_of_schema(ddl, server, need),
        Stage::Online(Online::BuildIndex(of) | Online::DropIndex(of) | Online::DiscardIndex(of)) => (None, in_index(&of.index)),
        Stage::Online(Online::AddUnchecked(of) | Online::Validate(of) | Online::BuildKey(of) | Online::TakeIndex(of)) => {
            (None, in_constraint(&of.constraint))
        }
        Stage::Online(Online::ReplaceKey(key)) => (None, in_constraint(&key.new.constraint)),
        Stage::Online(Online::Backfill(of)) => (None, Slot::new(Role::Table, of.changed.table.to_string())),
        Stage::Online(Online::AddColumn(of) | Online::Fill(of) | Online::FillRest(of) | Online::Identify(of)) => {
            (None, Slot::new(Role::Column, of.column.name.as_str()))
        }
    }
}

fn in_change_of_schema(ddl: &Ddl, server: Version, need: Need) -> WrittenPlace {
    let requires = |ddl: &Ddl| needs(server, &rendered(ddl, server)).contains(&need);
    match ddl {
        Ddl::CreateTable { name, table } => {
            let part = |columns: &[Column], constraints: &[Constraint]| {
                let (columns, constraints) = (columns.to_vec(), constraints.to_vec());
                let table = Arc::new(Table { columns, constraints, ..Table::default() });
                requires(&Ddl::CreateTable { name: name.clone(), table })
            };
            let column = table.columns.iter().position(|one| part(std::slice::from_ref(one), &[]));
            if let Some((at, column)) = column.and_then(|at| Some((at, table.columns.get(at)?))) {
                let operator = column.default.as_ref().and_then(|default| operator([default]));
                return (Some(EntryId::Column(at)), operator.unwrap_or_else(|| Slot::new(Role::Column, column.name.as_str())));
            }
            let constraint = table.constraints.iter().position(|one| part(&table.columns, std::slice::from_ref(one)));
            match constraint.and_then(|at| Some((at, table.constraints.get(at)?))) {
                Some((at, constraint)) => (Some(EntryId::Constraint(at)), in_constraint(constraint)),
                None => (None, Slot::statement()),
            }
        }
        Ddl::AlterTable { changes, .. } => (None, changes.iter().find_map(in_change).unwrap_or_else(Slot::statement)),
        Ddl::CreateIndex { index, .. } => (None, in_index(index)),
        Ddl::DropTable { .. } | Ddl::RenameTable { .. } | Ddl::DropIndex { .. } | Ddl::RenameIndex { .. } => {
            (None, Slot::statement())
        }
        Ddl::Object { .. } => (None, Slot::statement()),
        Ddl::AlterEnum(_) | Ddl::Rows(_) | Ddl::Raw { .. } | Ddl::Program { .. } => (None, Slot::statement()),
    }
}

fn in_change(change: &Change) -> Option<Slot> {
    match change {
        Change::AddConstraint(constraint) => Some(in_constraint(constraint)),
        Change::SetType { column, using, .. } => {
            Some(operator(using).unwrap_or_else(|| Slot::new(Role::Type, column.name.as_str())))
        }
        Change::AddColumn(column) => Some(Slot::new(Role::Column, column.name.as_str())),
        Change::DropColumn(_) | Change::RenameColumn { .. } | Change::SetNotNull(_) | Change::DropNotNull(_) => None,
        Change::SetDefault(..) | Change::DropDefault(_) | Change::Comment(..) | Change::CommentTable(_) => None,
        Change::SetCounter { .. } | Change::DropConstraint(_) | Change::RenameConstraint { .. } => None,
        Change::AlterConstraint { .. } | Change::RenameSequence { .. } => None,
    }
}

fn in_constraint(constraint: &Constraint) -> Slot {
    let name = constraint.name();
    match &constraint.rule {
        Rule::Check { condition } => operator([condition]).unwrap_or_else(|| Slot::new(Role::Constraint, name)),
        Rule::Unique { nulls_not_distinct: true, .. } => Slot::new(Role::Option, NULLS),
        Rule::Unique { nulls_not_distinct: false, .. } | Rule::PrimaryKey { .. } | Rule::ForeignKey(_) => {
            Slot::new(Role::Constraint, name)
        }
    }
}

fn in_index(index: &Index) -> Slot {
    let expressions = index.keys.iter().map(|key| &key.value).chain(&index.filter);
    match operator(expressions) {
        Some(slot) => slot,
        None if index.nulls_not_distinct => Slot::new(Role::Option, NULLS),
        None => Slot::statement(),
    }
}

/// The first operator on a document.
fn operator<'e>(expressions: impl IntoIterator<Item = &'e Expr>) -> Option<Slot> {
    let mut found = None;
    for expression in expressions {
        expression.walk(&mut |part| {
            let Expr::Binary { rest, .. } = part else { return };
            let is_json = |operator: &Binary| matches!(operator, Binary::JsonGet | Binary::JsonGetText);
            found = found.or(rest.iter().map(|(operator, _)| *operator).find(is_json));
        });
    }
    found.map(|operator| Slot::new(Role::Operator, operator.spelling()))
}
