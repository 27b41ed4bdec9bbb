//! What attributes and comments belong to.

use migrate_history::Database;

use crate::desugar::Desugar;
use crate::diagnostic::Diagnostic;
use crate::draft::{Allow, Piece};
use crate::operation::{Commented, Operation};
use crate::problem::Role;
use crate::tree::{AttributeKind, Attributes, Comment, Entry, EntryKind, StatementTree};

impl Desugar<'_> {
    /// Gives a piece the attributes of its statement or action, and those of the block around it.
    pub(super) fn attribute(&mut self, piece: &mut Piece, own: &Attributes, block: Option<&Attributes>) {
        let of_block = || block.into_iter().flat_map(|block| &block.all);
        for attribute in own.all.iter().chain(of_block()) {
            match &attribute.kind {
                AttributeKind::Allow(allow, place) => self.marks.note(piece.id, Role::Allow, &allow.rule, *place),
                AttributeKind::Only(databases) => {
                    databases.iter().for_each(|(database, place)| self.marks.note(piece.id, Role::Word, database.word(), *place));
                }
            }
        }
        piece.only = only(own).or_else(|| block.and_then(only));
        piece.allows = own.all.iter().chain(of_block()).filter_map(|attribute| allow(&attribute.kind)).cloned().collect();
    }

    /// Rule `attribute_twice`: one list says for which databases something is.
    pub(super) fn one_only(&mut self, attributes: &Attributes) {
        let lists = attributes.all.iter().filter(|attribute| matches!(attribute.kind, AttributeKind::Only(_)));
        for attribute in lists.skip(1) {
            let diagnostic = Diagnostic::new("attribute_twice", attribute.word, "duplicate `#[only(…)]`");
            self.diagnostics.push(diagnostic.help("write `#[only(postgres, sqlite)]`"));
        }
    }

    /// The comment of a new table or a new column.
    pub(super) fn comment(&mut self, operation: Option<&mut Operation>, comment: Option<Comment>) {
        let Some(comment) = comment else { return };
        match operation.and_then(|operation| operation.comment_of(Commented::Whole)) {
            Some(own) => *own = Some(comment.text),
            None => self.comment_here(&comment),
        }
    }

    /// Rule `comment_here`: the databases keep comments of tables and columns alone.
    pub(super) fn comment_here(&mut self, comment: &Comment) {
        let message = "a `///` comment is allowed only before a table or a column";
        let diagnostic = Diagnostic::new("comment_here", comment.range.first, message);
        self.diagnostics.push(diagnostic.help("write `//` for a comment in the source"));
    }

    /// What is written before an entry of a table. Rule `attribute_here`: a part of a statement has no attributes of its own.
    pub(super) fn entry(&mut self, operation: Option<&mut Operation>, entry: Entry) {
        if let Some(attribute) = entry.attributes.all.first() {
            let message = format!("`#[{}(…)]` is not allowed inside of `create table`", attribute.kind.word());
            let diagnostic = Diagnostic::new("attribute_here", attribute.word, message);
            self.diagnostics.push(diagnostic.help("move it before `create table`"));
        }
        let Some(comment) = entry.attributes.comment else { return };
        match entry.kind {
            EntryKind::Column(place) => {
                let own = operation.and_then(|operation| operation.comment_of(Commented::Column(place)));
                own.into_iter().for_each(|own| *own = Some(comment.text.clone()));
            }
            EntryKind::Unread(_) => {}
            EntryKind::Constraint(_) | EntryKind::Index(_) => self.comment_here(&comment),
        }
    }

    /// Rule `attribute_here`, in what raw SQL does to the schema.
    pub(super) fn no_attributes(&mut self, statements: &[StatementTree]) {
        for statement in statements {
            let attributes = match statement {
                StatementTree::Plain(plain) => &plain.attributes,
                StatementTree::Block(block) => {
                    self.no_attributes(&block.actions);
                    &block.attributes
                }
                StatementTree::Unread(_) => continue,
            };
            if let Some(attribute) = attributes.all.first() {
                let message = format!("`#[{}(…)]` is not allowed in `as {{ … }}`", attribute.kind.word());
                let diagnostic = Diagnostic::new("attribute_here", attribute.word, message);
                self.diagnostics.push(diagnostic.help("move it before `sql`"));
            }
        }
    }
}

fn only(attributes: &Attributes) -> Option<Vec<Database>> {
    let lists = attributes.all.iter().filter_map(|attribute| match &attribute.kind {
        AttributeKind::Only(databases) => Some(databases),
        AttributeKind::Allow(..) => None,
    });
    lists.map(|databases| databases.iter().map(|(database, _)| *database).collect()).next()
}

fn allow(kind: &AttributeKind) -> Option<&Allow> {
    match kind {
        AttributeKind::Allow(allow, _) => Some(allow),
        AttributeKind::Only(_) => None,
    }
}
