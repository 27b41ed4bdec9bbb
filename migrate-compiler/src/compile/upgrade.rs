//! What the statements of a migration do to a schema.

use crate::draft::Piece;
use crate::effect::Effects;
use crate::footprint::Record;
use crate::schema::Schema;
use crate::transition::Transition;
use crate::work;

/// A statement that was done.
#[derive(Clone, Debug)]
pub(super) struct Simulated<'d> {
    /// The piece that says it.
    pub piece: &'d Piece,
    /// What it does.
    pub step: Transition,
    /// Its effects, without what is only about things that the migration made itself.
    pub effects: Effects,
    /// Whether it could be done as it was written.
    pub sound: bool,
}

/// The statements of one variant, done.
#[derive(Debug)]
pub(super) struct Upgrade<'d> {
    /// The schema after the parents.
    pub start: Schema,
    /// What was done.
    pub statements: Vec<Simulated<'d>>,
    /// The schema after the migration.
    pub end: Schema,
    /// Who touched what before.
    pub record: Record,
    /// Whether the whole downgrade was written.
    pub has_down: bool,
}

impl Upgrade<'_> {
    /// What was done, in order.
    pub fn steps(&self) -> impl Iterator<Item = &Transition> + Clone {
        self.statements.iter().map(|statement| &statement.step).inspect(|_| work::look())
    }
}
