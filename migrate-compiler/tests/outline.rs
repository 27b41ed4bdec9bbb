//! The tree of a migration: every node with the tokens that it covers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that finds something else stops")]

use migrate_compiler::parse;
use migrate_compiler::tree::{
    Attributes, Block, Entry, EntryKind, Heading, Item, MigrationTree, Plain, Range, StatementTree, UndoClause, UndoKind,
};

/// A list of lines, each with how deep its node is.
type Lines = Vec<(usize, String, Range)>;

/// The kind of each node, with the line and the column of its first and last letter.
fn outline(migration: &MigrationTree) -> String {
    let mut lines = vec![(0, "migration".to_owned(), migration.range)];
    head(&migration.head, &mut lines);
    migration.items.iter().for_each(|one| item(one, &mut lines));
    let line = |(depth, kind, range): &(usize, String, Range)| {
        let (first, last) = (range.first.start(), range.last.end());
        let place = format!("{}:{}-{}:{}", first.line, first.column + 1, last.line, last.column);
        format!("{:1$}{kind} {place}\n", "", 4 * depth)
    };
    lines.iter().map(line).collect()
}

fn head(head: &Heading, lines: &mut Lines) {
    let message = head.lines.iter().map(|(_, range)| (1, "message".to_owned(), *range));
    let revisions = head.revisions.iter().map(|revision| (1, "revision".to_owned(), revision.range));
    let parents = head.parents.iter().map(|parents| (1, "after".to_owned(), parents.range));
    let labels = head.labels.iter().map(|label| (1, "label".to_owned(), label.range));
    let dependencies = head.dependencies.iter().map(|clause| (1, "depends on".to_owned(), clause.range));
    let unread = head.unread.iter().map(|unread| (1, "unread".to_owned(), unread.range));
    lines.extend(message.chain(revisions).chain(parents).chain(labels).chain(dependencies).chain(unread));
}

fn item(item: &Item, lines: &mut Lines) {
    match item {
        Item::Statement(one) => statement(one, 1, lines),
        Item::Down(down) => {
            lines.push((1, "down".to_owned(), down.range));
            down.statements.iter().for_each(|one| statement(one, 2, lines));
        }
        Item::Require(require) => lines.push((1, "require".to_owned(), require.range)),
    }
}

fn statement(statement: &StatementTree, depth: usize, lines: &mut Lines) {
    match statement {
        StatementTree::Plain(one) => plain(one, depth, lines),
        StatementTree::Block(one) => block(one, depth, lines),
        StatementTree::Unread(unread) => lines.push((depth, "unread".to_owned(), unread.range)),
    }
}

fn plain(plain: &Plain, depth: usize, lines: &mut Lines) {
    lines.push((depth, plain.words.join(" "), plain.range));
    attributes(&plain.attributes, depth + 1, lines);
    plain.entries.iter().for_each(|one| entry(one, depth + 1, lines));
    plain.effect.iter().flatten().for_each(|one| statement(one, depth + 1, lines));
    plain.undo.iter().for_each(|one| undo(one, depth + 1, lines));
}

fn block(block: &Block, depth: usize, lines: &mut Lines) {
    lines.push((depth, format!("{} {}", block.words.join(" "), block.name), block.range));
    attributes(&block.attributes, depth + 1, lines);
    block.actions.iter().for_each(|one| statement(one, depth + 1, lines));
    block.undo.iter().for_each(|one| undo(one, depth + 1, lines));
}

fn attributes(attributes: &Attributes, depth: usize, lines: &mut Lines) {
    lines.extend(attributes.comment.iter().map(|comment| (depth, "comment".to_owned(), comment.range)));
    lines.extend(attributes.all.iter().map(|one| (depth, one.kind.word().to_owned(), one.range)));
}

fn entry(entry: &Entry, depth: usize, lines: &mut Lines) {
    let kind = match entry.kind {
        EntryKind::Column(_) => "column",
        EntryKind::Constraint(_) => "constraint",
        EntryKind::Index(_) => "index",
        EntryKind::Unread(_) => "unread",
    };
    lines.push((depth, kind.to_owned(), entry.range));
    attributes(&entry.attributes, depth + 1, lines);
}

fn undo(undo: &UndoClause, depth: usize, lines: &mut Lines) {
    let kind = match undo.kind {
        UndoKind::Statements(_) => "undo",
        UndoKind::Sql(..) => "undo sql",
        UndoKind::Program(..) => "undo program",
        UndoKind::Default { .. } => "undo default",
        UndoKind::Nothing(_) => "undo nothing",
        UndoKind::Irreversible(_) => "irreversible",
    };
    lines.push((depth, kind.to_owned(), undo.range));
    if let UndoKind::Statements(statements) = &undo.kind {
        statements.iter().for_each(|one| statement(one, depth + 1, lines));
    }
}

const MIGRATION: &str = r#"//! Visits are counted,
//! and moods are named.
revision "1a";
after super::m0001, super::m0002;

/// Whoever comes.
#[allow(drop_table, reason = "new")]
create table users {
    id: uuid primary key,
    /// For letters.
    email: text unique,
    check (email <> ""),
    index by_email (email),
}
#[only(postgres)] alter table users {
    add visits: integer;
    #[allow(drop_column, reason = "unused")]
    drop age undo default 5;
    dorp name;
} undo { drop visits; create index i on users (email); }
alter enum mood { add "calm"; } irreversible "it stays";
sql "SELECT 1" as { drop table old; } undo nothing "it reads";
sql "SELECT 2" as nothing undo "SELECT 3";
create table broken { a: text, b text, c: text d, e: text }
nonsense;
down { drop table users; }
require schema;
"#;

const OUTLINE: &str = "\
migration 1:1-27:15
    message 1:1-1:23
    message 2:1-2:24
    revision 3:1-3:14
    after 4:1-4:33
    create table 6:1-14:1
        comment 6:1-6:18
        allow 7:1-7:36
        column 9:5-9:24
        column 10:5-11:22
            comment 10:5-10:20
        constraint 12:5-12:23
        index 13:5-13:26
    alter table users 15:1-20:56
        only 15:1-15:17
        add 16:5-16:24
        drop 17:5-18:28
            allow 17:5-17:44
            undo default 18:14-18:27
        unread 19:5-19:14
        undo 20:3-20:56
            drop 20:10-20:21
            create index 20:23-20:54
    alter enum mood 21:1-21:56
        add 21:19-21:29
        irreversible 21:33-21:55
    sql 22:1-22:62
        drop table 22:21-22:35
        undo nothing 22:39-22:61
    sql 23:1-23:42
        undo sql 23:27-23:41
    create table 24:1-24:59
        column 24:23-24:29
        unread 24:32-24:38
        column 24:40-24:46
        unread 24:48-24:49
        column 24:51-24:57
    unread 25:1-25:9
    down 26:1-26:26
        drop table 26:8-26:24
    require 27:1-27:15
";

#[test]
fn every_node_knows_its_tokens() {
    let (tree, errors) = parse::tree(MIGRATION.parse().unwrap());
    assert_eq!(errors.len(), 4);
    assert_eq!(outline(&tree), OUTLINE, "{}", outline(&tree));
}
