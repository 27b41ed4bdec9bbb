//! What raw SQL does to what is known, as far as its text shows it.

use std::collections::BTreeSet;

use crate::effect::Break;
use crate::expr::Expr;
use crate::footprint::Path;
use crate::name::Name;
use crate::objects::Kind;
use crate::operation::Operation;
use crate::operation::about;
use crate::raw::{Danger, RawDanger, RawName};
use crate::schema::Schema;

/// A text where it runs.
pub(super) struct SeenText<'a> {
    pub before: &'a Schema,
    pub stated: &'a [(&'a Operation, Schema)],
}

impl SeenText<'_> {
    /// A danger of a text, unless the text states it.
    pub fn found(&self, one: &RawDanger, text: &str) -> Option<Break> {
        if one.danger == Danger::NotNull && self.is_checked(one) {
            return None;
        }
        let (on, others) = self.named(one, text);
        let states = self.states(one.danger);
        let is_stated = others.is_empty() && !on.is_empty() && on.iter().all(|path| states.contains(&path.of));
        (!is_stated).then(|| Break::Raw { danger: one.danger, text: text.to_owned(), on, others })
    }

    /// What it is done to: what is known of it, and the names of the rest. A name in quotes is not read; the tables that the text names
    /// count then.
    fn named(&self, one: &RawDanger, text: &str) -> (Vec<Path>, Vec<String>) {
        let tables = |text: &str| {
            let after = self.stated.iter().flat_map(|(_, schema)| schema.tables().named_in(text));
            self.before.tables().named_in(text).into_iter().chain(after).cloned().collect::<BTreeSet<Name>>()
        };
        let whole = |name: Name| about::table(&name);
        if one.on.is_empty() {
            return (tables(text).into_iter().map(whole).collect(), Vec::new());
        }
        let (mut on, mut others) = (Vec::new(), Vec::new());
        for RawName { name } in &one.on {
            let column = one.column.as_ref().filter(|_| matches!(one.danger, Danger::Drop(_) | Danger::Rename(_)));
            let part = |table: Name| column.map_or_else(|| about::table(&table), |column| about::column(&table, &column.name));
            let is_type = matches!(one.danger, Danger::Drop("type" | "attribute") | Danger::Rename("type" | "value"));
            let is_index = matches!(one.danger, Danger::DropIndex | Danger::Reindex);
            let mut found: Vec<Path> = if is_index { self.indexes(name).collect() } else { Vec::new() };
            if is_type {
                found.extend(self.object(Kind::Enum, name));
            }
            if found.is_empty() {
                found = tables(name).into_iter().map(part).collect();
            }
            others.extend(found.is_empty().then(|| name.clone()));
            on.extend(found);
        }
        (on, others)
    }

    fn indexes(&self, name: &str) -> impl Iterator<Item = Path> {
        let all = self.before.tables().iter().flat_map(|(table, body)| body.indexes.iter().map(move |index| (table, index)));
        let found = all.filter(move |(_, index)| index.name().eq_ignore_ascii_case(name));
        found.map(|(table, index)| about::index(table, index.name()))
    }

    fn object(&self, kind: Kind, name: &str) -> Option<Path> {
        let mut all = self.before.objects.iter().filter(|((of, _), _)| *of == kind).map(|((_, name), _)| name);
        all.find(|known| known.name.eq_ignore_ascii_case(name)).map(|name| about::object(kind, name))
    }

    /// What it states that it does the same to.
    fn states(&self, danger: Danger) -> BTreeSet<Name> {
        let of = |(operation, schema): &(&Operation, Schema)| -> Vec<Name> {
            let about = operation.about(schema);
            let breaks = || operation.effects(schema).breaks.into_iter();
            match danger {
                Danger::Drop(_) => about.drops.into_iter().map(|path| path.of).collect(),
                Danger::Rename("value") => {
                    breaks().filter_map(|one| if let Break::RenamedValue { of, .. } = one { Some(of) } else { None }).collect()
                }
                Danger::Rename(_) => about.renames.into_iter().flat_map(|(from, to)| [from.of, to.of]).collect(),
                Danger::Type => {
                    breaks().filter_map(|one| if let Break::Retyped { table, .. } = one { Some(table) } else { None }).collect()
                }
                Danger::CreateIndex | Danger::Reindex | Danger::DropIndex | Danger::AddKey | Danger::Lock => Vec::new(),
                Danger::Check | Danger::ForeignKey | Danger::NotNull | Danger::Validate | Danger::UpdateAll => Vec::new(),
                Danger::Fill | Danger::Rewrite | Danger::Refresh | Danger::Truncate | Danger::DeleteAll => Vec::new(),
            }
        };
        self.stated.iter().flat_map(of).collect()
    }

    /// Whether a check of the table says that the column is not null: PostgreSQL reads no rows then.
    fn is_checked(&self, one: &RawDanger) -> bool {
        let [table] = one.on.as_slice() else { return false };
        let Some(column) = &one.column else { return false };
        let says = |condition: &Expr| matches!(condition, Expr::IsNull { operand, negated: true } if **operand == Expr::column(&column.name));
        let checks = |table: &Name| {
            let body = self.before.table(table).into_iter();
            body.flat_map(|body| &body.constraints).filter_map(|one| one.rule.condition()).any(says)
        };
        self.before.tables().named_in(&table.name).into_iter().any(checks)
    }
}
