//! What an operation does to rows and to running instances of the application.

mod demand;
mod demanded;

use migrate_history::Database;

use crate::footprint::{Part, Path};
use crate::name::Name;
use crate::objects::Kind;
use crate::problem::{EntryId, Slot};
use crate::raw::Danger;
use crate::types::Type;

pub use demand::Demand;
pub use demanded::{of_constraint, of_index};

/// The effects of one operation in one schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Effects {
    /// What must hold of the rows before it, else the operation fails.
    pub demands: Vec<Demand>,
    /// What must hold of what it makes of the rows, else the operation fails.
    pub outcome: Vec<Demand>,
    /// What must hold of the rows, else values change: checked before a downgrade, and before an upgrade that does not say how the
    /// values are converted.
    pub keeps: Vec<Demand>,
    /// What a running application may still use and no longer finds.
    pub removes: Vec<Removed>,
    /// What else a running application, or the rows, may not take well.
    pub breaks: Vec<Break>,
    /// Constraints and indexes of which the table has the same already.
    pub repeats: Vec<Repeat>,
    /// Keys that are dropped, to which foreign keys may be tied although others of the same columns stay.
    pub drops_keys: Vec<DroppedKey>,
    /// What the user expects before the upgrade.
    pub expects: Option<Expectation>,
    /// What it makes something in, which no migration needs to have made.
    pub lives_in: Option<Lives>,
    /// The table that it inserts rows into.
    pub inserts: Option<Name>,
    /// The rows that it deletes or changes, so that no downgrade can be inferred that restores them.
    pub reaches: Vec<Reached>,
    /// The same of rows that it keeps, which are restored as long as they are kept.
    pub kept: Vec<Reached>,
}

/// Rows that are deleted or get other values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Their table.
    pub table: Name,
    /// What becomes of them.
    pub reach: Reach,
}

/// What becomes of rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// They are deleted.
    Deleted,
    /// They get other values in these columns.
    Updated(Vec<String>),
}

/// A question of the user's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// What is expected, in the user's words.
    pub what: String,
    /// The query for each database; `None` is for every database that has none of its own.
    pub texts: Vec<(Option<Database>, String)>,
}

/// What a running application, or the rows, may not take well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// A table gets another name.
    RenamedTable {
        /// The old name.
        from: Name,
        /// The new name.
        to: Name,
    },
    /// A column gets another name.
    RenamedColumn {
        /// Its table.
        table: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// An object other than a table gets another name.
    RenamedObject {
        /// Its kind.
        kind: Kind,
        /// The old name.
        from: Name,
        /// The new name.
        to: Name,
    },
    /// An object other than a table goes.
    DroppedObject {
        /// Its kind.
        kind: Kind,
        /// Its name.
        name: Name,
    },
    /// A value of an enum gets another name.
    RenamedValue {
        /// The enum.
        of: Name,
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    },
    /// A value of an enum goes.
    DroppedValue {
        /// The enum.
        of: Name,
        /// The value.
        value: String,
    },
    /// A column gets another type.
    Retyped {
        /// Its table.
        table: Name,
        /// The column.
        column: String,
        /// Its type before.
        from: Type,
        /// Its type after.
        to: Type,
        /// Whether PostgreSQL rewrites the table.
        rewrites: bool,
        /// Whether not every value fits.
        narrows: bool,
        /// What uses the column so that PostgreSQL reads all rows again.
        rereads: Option<String>,
    },
    /// A column may be null from now on.
    NullableNow {
        /// Its table.
        table: Name,
        /// The column.
        column: String,
    },
    /// A column is numbered from now on, and no index tells its highest number.
    Numbered {
        /// Its table.
        table: Name,
        /// The column.
        column: String,
    },
    /// New rows get another value, or none.
    ChangedDefault {
        /// Its table.
        table: Name,
        /// The column.
        column: String,
    },
    /// Rows are refused from now on.
    Restricted {
        /// The table.
        table: Name,
        /// The columns that it is about.
        columns: Vec<String>,
        /// What refuses them, as it is called in the statement.
        slot: Slot,
    },
    /// Rows are no longer refused.
    DroppedConstraint {
        /// The table.
        table: Name,
        /// The constraint, or the unique index.
        part: Part,
        /// Its name, as it is called in the statement.
        slot: Slot,
    },
    /// Many rows get other values in one transaction.
    UpdatedRows {
        /// Their table.
        table: Name,
    },
    /// All rows are deleted one by one.
    DeletedAll {
        /// Their table.
        table: Name,
    },
    /// All rows are deleted at once.
    Truncated {
        /// Their table.
        table: Name,
    },
    /// Something in raw SQL.
    Raw {
        /// What.
        danger: Danger,
        /// The text.
        text: String,
        /// What it is done to, of what is known.
        on: Vec<Path>,
        /// The names of what is not known that it is done to.
        others: Vec<String>,
    },
}

/// What something is made in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lives {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub name: Name,
    /// What is made in it, as it is called in the statement.
    pub slot: Slot,
}

/// A key that is dropped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DroppedKey {
    /// Its table.
    pub table: Name,
    /// Its columns.
    pub columns: Vec<String>,
    /// The constraint or the index.
    pub part: Part,
    /// What it is called in the statement.
    pub slot: Slot,
}

/// A constraint or an index of which the table has the same already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repeat {
    /// Which entry of a new table it is.
    pub entry: Option<EntryId>,
    /// What the new one is called in the statement.
    pub slot: Slot,
    /// The one that is there, in the user's words.
    pub other: String,
}

impl Effects {
    /// The effects of one more operation after it.
    pub fn add(&mut self, more: Effects) {
        let Effects { demands, outcome, keeps, removes, breaks, repeats, drops_keys, expects, lives_in, inserts, reaches, kept } =
            more;
        self.demands.extend(demands);
        self.outcome.extend(outcome);
        self.keeps.extend(keeps);
        self.removes.extend(removes);
        self.breaks.extend(breaks);
        self.repeats.extend(repeats);
        self.drops_keys.extend(drops_keys);
        self.expects = self.expects.take().or(expects);
        self.lives_in = self.lives_in.take().or(lives_in);
        self.inserts = self.inserts.take().or(inserts);
        self.reaches.extend(reaches);
        self.kept.extend(kept);
    }
}

/// What a running application may still use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// A table.
    Table(Name),
    /// A column of a table.
    Column(Name, String),
}
