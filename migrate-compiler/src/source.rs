//! Where the values of a column come from, followed through the changes of its table.
//!
//! A group of changes means what its parts mean one after the other. SQLite's copy of a table, the guards of a downgrade and the
//! proof that it brings every value back all read this.

use std::collections::BTreeMap;

use crate::check::function::is_opaque;
use crate::ddl::Change;
use crate::expr::{Aggregate, Expr};
use crate::name::Written;
use crate::rows::{Assignment, Which};
use crate::schema::{Column, Table};
use crate::types::{Conversion, Type};

/// What the rows of a table hold in one column, in terms of what they held at an earlier moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// What they held in the column that had this name.
    Column(String),
    /// One expression over no column, such as a default.
    Value {
        /// The expression.
        value: Expr,
        /// The type of the column that it was put into.
        ty: Type,
    },
    /// Numbers that the database gives, each once.
    Number,
    /// A value in another type.
    Converted {
        /// What was converted.
        value: Box<Source>,
        /// The column's name at that moment.
        column: String,
        /// Its type before.
        from: Type,
        /// Its type after.
        to: Type,
        /// The expression over the columns of the table that made it; by assignment when absent.
        using: Option<Expr>,
    },
    /// What some rows got, and what the others held.
    Updated {
        /// What the others hold.
        value: Box<Source>,
        /// The expression over the columns of the table that some got; a number of its own when absent.
        to: Option<Expr>,
        /// The type of the column.
        ty: Type,
        /// Which rows got it.
        which: Which,
    },
}

/// The source of every column of a table.
#[derive(Debug, Default)]
pub struct Sources {
    /// The columns by their place: one that is gone leaves its place empty, and a new one comes after all others.
    columns: BTreeMap<usize, (String, Source)>,
    /// The place of each column, so that one of many is not looked for among all.
    places: BTreeMap<String, usize>,
}

impl PartialEq for Sources {
    fn eq(&self, other: &Sources) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Sources {}

impl Sources {
    /// Those of a table that nothing has changed yet.
    pub fn of(table: &Table) -> Sources {
        let mut sources = Sources::default();
        table.columns.iter().for_each(|column| sources.add(&column.name, Source::Column(column.name.clone())));
        sources
    }

    /// Another column after all others.
    fn add(&mut self, name: &str, source: Source) {
        let place = self.columns.last_key_value().map_or(0, |(last, _)| last + 1);
        self.columns.insert(place, (name.to_owned(), source));
        self.places.insert(name.to_owned(), place);
    }

    /// Every column with its source, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.columns.values().map(|(name, source)| (name.as_str(), source))
    }

    /// The source of a column.
    pub fn get(&self, column: &str) -> Option<&Source> {
        let (_, source) = self.columns.get(self.places.get(column)?)?;
        Some(source)
    }

    fn get_mut(&mut self, column: &str) -> Option<&mut Source> {
        let (_, source) = self.columns.get_mut(self.places.get(column)?)?;
        Some(source)
    }

    /// Whether every column still holds what it held.
    pub fn is_unchanged(&self) -> bool {
        self.iter().all(|(name, source)| source.is_column(name))
    }

    /// Whether an expression reads a column that no longer holds what it held at the earlier moment.
    pub fn changes_for(&self, expr: &Expr) -> bool {
        self.iter().any(|(name, source)| !source.is_column(name) && expr.may_use(name))
    }

    /// Follows new values of rows.
    pub fn update(&mut self, table: &Table, sets: &[Assignment], which: &Which) {
        for set in sets {
            let Some((source, column)) = self.get_mut(&set.column).zip(table.column(&set.column)) else { continue };
            let value = Box::new(std::mem::replace(source, Source::Number));
            *source = Source::Updated { value, to: set.value.of(column).cloned(), ty: column.ty.clone(), which: which.clone() };
        }
    }

    /// Follows one change of the table.
    pub fn follow(&mut self, change: &Change) {
        match change {
            Change::AddColumn(column) => self.add(&column.name, Source::of(column)),
            Change::DropColumn(column) => {
                let place = self.places.remove(&column.name);
                drop(place.and_then(|place| self.columns.remove(&place)));
            }
            Change::RenameColumn { from, to } => {
                let Some(place) = self.places.remove(from) else { return };
                self.columns.entry(place).and_modify(|(name, _)| name.clone_from(to));
                self.places.insert(to.clone(), place);
            }
            Change::SetType { column, to, using } => {
                if let Some(source) = self.get_mut(&column.name) {
                    let value = Box::new(std::mem::replace(source, Source::Number));
                    let (name, from) = (column.name.clone(), column.ty.clone());
                    *source = Source::Converted { value, column: name, from, to: to.clone(), using: using.clone() };
                }
            }
            Change::SetNotNull(_) | Change::DropNotNull(_) | Change::SetDefault(..) | Change::DropDefault(_) => {}
            Change::CommentTable(_) | Change::SetCounter { .. } => {}
            Change::Comment(..) | Change::AddConstraint(_) | Change::DropConstraint(_) => {}
            Change::RenameConstraint { .. } | Change::AlterConstraint { .. } | Change::RenameSequence { .. } => {}
        }
    }
}

impl Source {
    /// What the rows that are there get in a new column.
    fn of(column: &Column) -> Source {
        match &column.default {
            _ if column.counter.is_some() => Source::Number,
            Some(default) => Source::Value { value: default.clone(), ty: column.ty.clone() },
            None => Source::Value { value: Expr::Null, ty: column.ty.clone() },
        }
    }

    fn is_column(&self, column: &str) -> bool {
        matches!(self, Source::Column(name) if name == column)
    }

    /// The column whose values these are, in whatever type; `None` where they were made since.
    pub fn origin(&self) -> Option<&str> {
        match self {
            Source::Column(name) => Some(name),
            Source::Value { .. } | Source::Number => None,
            Source::Converted { value, .. } | Source::Updated { value, .. } => value.origin(),
        }
    }

    /// Whether the values are null in every row, and nothing was made of them.
    pub fn is_null(&self) -> bool {
        match self {
            Source::Value { value, .. } => value.is_null(),
            Source::Converted { value, using: None, .. } => value.is_null(),
            Source::Updated { value, to, .. } => value.is_null() && to.as_ref().is_some_and(Expr::is_null),
            Source::Column(_) | Source::Number | Source::Converted { .. } => false,
        }
    }

    /// Whether they are null wherever those that they are made of are, and not otherwise than by way of them.
    pub fn keeps_null(&self) -> bool {
        match self {
            Source::Column(_) => true,
            Source::Value { value, .. } => value.is_null(),
            Source::Converted { value, using: None, .. } => value.keeps_null(),
            Source::Updated { value, to, .. } => value.keeps_null() && to.as_ref().is_some_and(Expr::is_null),
            Source::Number | Source::Converted { using: Some(_), .. } => false,
        }
    }

    /// Whether the values are made of a column that was there at the earlier moment, or may be, in raw SQL.
    pub fn uses(&self, column: &str) -> bool {
        match self {
            Source::Column(name) => name == column,
            Source::Value { .. } | Source::Number => false,
            Source::Converted { value, using, .. } => match using {
                Some(using) => using.may_use(column),
                None => value.uses(column),
            },
            Source::Updated { value, to, which, .. } => {
                value.uses(column) || to.as_ref().is_some_and(|to| to.may_use(column)) || which.may_use(column)
            }
        }
    }

    /// Whether only the database knows the values, and asking for them may change something, as `nextval` does.
    pub fn is_opaque(&self) -> bool {
        match self {
            Source::Column(_) | Source::Number => false,
            Source::Value { value, .. } => is_opaque(value),
            Source::Converted { value, using, .. } => value.is_opaque() || using.as_ref().is_some_and(is_opaque),
            Source::Updated { value, to, which, .. } => value.is_opaque() || to.iter().chain(which.condition()).any(is_opaque),
        }
    }

    /// Whether no value can be null where no value of its origin is.
    pub fn keeps_nulls(&self) -> bool {
        match self {
            Source::Column(_) | Source::Number => true,
            Source::Value { value, .. } => is_never_null(value),
            Source::Converted { value, column, using, from, to } => {
                using.as_ref().is_none_or(|using| is_plain(using, column, from, to)) && value.keeps_nulls()
            }
            Source::Updated { value, to, .. } => value.keeps_nulls() && to.as_ref().is_none_or(is_never_null),
        }
    }

    /// Whether an upgrade changes values that no downgrade can tell from others.
    pub fn loses_upwards(&self) -> bool {
        match self {
            Source::Column(_) | Source::Value { .. } | Source::Number => false,
            Source::Converted { value, column, from, to, using } => {
                let is_made = using.as_ref().is_some_and(|using| !is_in_utc(using, column, from, to));
                is_made || from.conversion(to) == Conversion::Rounds || value.loses_upwards()
            }
            // The loss of the values of an `update` is reported by its statement.
            Source::Updated { value, .. } => value.loses_upwards(),
        }
    }

    /// Whether a downgrade changes values without a guard that would refuse it.
    pub fn loses_downwards(&self) -> bool {
        match self {
            Source::Column(_) | Source::Value { .. } | Source::Number => false,
            Source::Converted { value, column, from, to, using } => {
                let is_plain = using.as_ref().is_none_or(|using| is_plain(using, column, from, to));
                !(is_plain && from.can_be_compared_with(to)) || value.loses_downwards()
            }
            Source::Updated { value, .. } => value.loses_downwards(),
        }
    }
}

/// Whether the expression is the column in the type, and nothing else.
pub fn is_cast(using: &Expr, column: &str, to: &Type) -> bool {
    matches!(using, Expr::Cast { operand, to: ty } if ty == to && **operand == Expr::column(column))
}

/// Whether the expression is the column in the type by way of text, and nothing else.
pub fn is_by_text(using: &Expr, column: &str, to: &Type) -> bool {
    matches!(using, Expr::Cast { operand, to: ty } if ty == to && is_cast(operand, column, &Type::Text))
}

/// Whether the expression is the column in the type, by a cast or in UTC: what it keeps of the value is known.
pub fn is_plain(using: &Expr, column: &str, from: &Type, to: &Type) -> bool {
    is_cast(using, column, to) || is_in_utc(using, column, from, to)
}

/// Whether the expression is the column in UTC, which leads from each `timestamp` to one `timestamptz` and back.
pub fn is_in_utc(using: &Expr, column: &str, from: &Type, to: &Type) -> bool {
    let is_pair = matches!((from, to), (Type::Timestamp, Type::Timestamptz) | (Type::Timestamptz, Type::Timestamp));
    is_pair && in_utc(column) == *using
}

/// A value of a column as one of another type: in UTC where a cast would depend on the time zone of the session, and by way of text
/// where there is no cast.
pub(crate) fn cast(column: &str, from: &Type, to: &Type) -> String {
    let value = Written(column);
    if let (Type::Timestamp, Type::Timestamptz) | (Type::Timestamptz, Type::Timestamp) = (from, to) {
        return in_utc(column).to_string();
    }
    // A day begins in the zone of the session, and a point in time is a day or a time of day in it.
    if let (Type::Timestamptz, Type::Date | Type::Time) = (from, to) {
        return format!("({})::{to}", in_utc(column));
    }
    if let (Type::Date, Type::Timestamptz) = (from, to) {
        return format!("{value}::timestamp at time zone \"UTC\"");
    }
    if from.casts_to(to) { format!("{value}::{to}") } else { format!("{value}::text::{to}") }
}

/// `column at time zone "UTC"`
pub fn in_utc(column: &str) -> Expr {
    Expr::AtTimeZone { operand: Box::new(Expr::column(column)), zone: Box::new(Expr::Text("UTC".into())) }
}

/// Whether the expression has a value in any case; `None` where only the database knows.
fn is_never_null(value: &Expr) -> bool {
    match value {
        Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Array(_) => true,
        Expr::Current(_) | Expr::Nextval(_) => true,
        Expr::Call { function, arguments } => ["now", "uuid"].contains(&function.as_str()) && arguments.is_empty(),
        Expr::Unary { operand, .. } | Expr::Cast { operand, .. } => is_never_null(operand),
        Expr::AtTimeZone { operand, zone } => is_never_null(operand) && is_never_null(zone),
        Expr::Null | Expr::Column(_) | Expr::Raw(_) | Expr::Binary { .. } | Expr::IsNull { .. } | Expr::In { .. } => false,
        Expr::Between { .. } | Expr::Any { .. } | Expr::Case { .. } => false,
        Expr::Row(_) | Expr::Qualified { .. } | Expr::Query(_) | Expr::InQuery { .. } => false,
        Expr::Aggregate { function, .. } => *function == Aggregate::Count,
        Expr::Is { .. } | Expr::Exists(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    fn table() -> Table {
        Table { columns: ["a", "b"].map(|name| example::column(name, Type::Integer)).to_vec(), ..Table::default() }
    }

    fn after(changes: &[Change]) -> Sources {
        let mut sources = Sources::of(&table());
        changes.iter().for_each(|change| sources.follow(change));
        sources
    }

    fn five(name: &str) -> Column {
        example::column(name, Type::Integer).defaulting(Expr::Number("5".into()))
    }

    #[test]
    fn a_column_keeps_the_value_that_it_was_made_with() {
        let made = after(&[Change::AddColumn(five("c"))]);
        let later = after(&[
            Change::AddColumn(five("c")),
            Change::SetDefault("c".into(), Expr::Number("6".into())),
            Change::DropDefault("c".into()),
        ]);
        assert_eq!(made, later);
        assert_eq!(later.get("c"), Some(&Source::Value { value: Expr::Number("5".into()), ty: Type::Integer }));
    }

    #[test]
    fn a_column_that_is_dropped_and_added_holds_nothing_of_the_old_one() {
        let sources = after(&[Change::DropColumn(example::column("b", Type::Integer)), Change::AddColumn(five("b"))]);
        assert_eq!(sources.get("b").and_then(Source::origin), None);
        assert_eq!(sources.get("a").and_then(Source::origin), Some("a"));
    }

    #[test]
    fn names_that_change_places_are_told_apart() {
        let rename = |from: &str, to: &str| Change::RenameColumn { from: from.into(), to: to.into() };
        let sources = after(&[rename("a", "x"), rename("b", "a"), rename("x", "b")]);
        assert_eq!(sources.get("a").and_then(Source::origin), Some("b"));
        assert_eq!(sources.get("b").and_then(Source::origin), Some("a"));
        assert!(!sources.is_unchanged());
    }

    #[test]
    fn a_conversion_that_reads_a_changed_column_is_known() {
        let sources = after(&[Change::AddColumn(five("c"))]);
        assert!(sources.changes_for(&Expr::column("c")));
        assert!(sources.changes_for(&Expr::Raw("a + c".into())));
        assert!(!sources.changes_for(&Expr::column("a")));
    }
}
