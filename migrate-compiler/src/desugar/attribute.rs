//! What attributes and comments belong to.

use migrate_history::{Database, KEPT_SETTINGS};
use proc_macro2::Span;

use crate::desugar::Desugar;
use crate::diagnostic::Diagnostic;
use crate::draft::{Allow, Piece};
use crate::operation::{Commented, Operation};
use crate::problem::Role;
use crate::session_setting::SessionSetting;
use crate::tree::{Attribute, AttributeKind, Attributes, Comment, Entry, EntryKind, StatementTree};

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
                AttributeKind::Set(settings) => {
                    settings.iter().for_each(|(setting, place)| self.marks.note(piece.id, Role::Word, &setting.name, *place));
                    self.has_statements(&piece.operation, attribute);
                }
            }
        }
        piece.settings = settings(own).chain(block.into_iter().flat_map(settings)).map(|(setting, _)| setting.clone()).collect();
        piece.only = only(own).or_else(|| block.and_then(only));
        piece.allows = own.all.iter().chain(of_block()).filter_map(|attribute| allow(&attribute.kind)).cloned().collect();
    }

    /// Rule `attribute_here`: what sends no statement of its own has no settings for it.
    fn has_statements(&mut self, operation: &Operation, attribute: &Attribute) {
        if operation.sends_statements() {
            return;
        }
        let word = operation.to_string().split(' ').next().unwrap_or_default().to_owned();
        let message = format!("`#[set(…)]` is not allowed before `{word}`, which sends no statement of its own");
        self.diagnostics.push(Diagnostic::new("attribute_here", attribute.word, message).help("remove it"));
    }

    /// Rule `set_name`: what every statement depends on, or the program itself. Rule `attribute_twice`: one value for each.
    pub(super) fn settable(&mut self, attributes: &Attributes) {
        for (setting, place) in settings(attributes) {
            if KEPT_SETTINGS.contains(&setting.name.as_str()) {
                let message = format!("`{}` cannot be set for one statement", setting.name);
                let help = "remove it: all statements of a migration run with the same value";
                self.diagnostics.push(Diagnostic::new("set_name", *place, message).help(help));
            }
        }
        let names: Vec<&str> = settings(attributes).map(|(setting, _)| setting.name.as_str()).collect();
        for (at, (setting, place)) in settings(attributes).enumerate() {
            if names.iter().take(at).any(|name| *name == setting.name) {
                let diagnostic = Diagnostic::new("attribute_twice", *place, format!("duplicate setting `{}`", setting.name));
                self.diagnostics.push(diagnostic.help("remove one of them"));
            }
        }
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
        AttributeKind::Allow(..) | AttributeKind::Set(_) => None,
    });
    lists.map(|databases| databases.iter().map(|(database, _)| *database).collect()).next()
}

fn allow(kind: &AttributeKind) -> Option<&Allow> {
    match kind {
        AttributeKind::Allow(allow, _) => Some(allow),
        AttributeKind::Only(_) | AttributeKind::Set(_) => None,
    }
}

fn settings(attributes: &Attributes) -> impl Iterator<Item = &(SessionSetting, Span)> {
    let lists = attributes.all.iter().filter_map(|attribute| match &attribute.kind {
        AttributeKind::Set(settings) => Some(settings),
        AttributeKind::Allow(..) | AttributeKind::Only(_) => None,
    });
    lists.flatten()
}
