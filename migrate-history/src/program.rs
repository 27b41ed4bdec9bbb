//! The functions of a program that its migrations call.

use std::any::Any;
use std::fmt;

use super::Text;

/// A function of the program, by the name that the steps of a migration know it by.
///
/// What is planned and listed needs no more than the name. Who runs a step knows what type the function has.
#[derive(Clone, Copy)]
pub struct ProgramFunction {
    /// Its path, as it is written in the migration.
    pub name: &'static str,
    /// How it is called.
    pub calls: Calls,
    /// The function itself, of the type that the executor calls.
    pub function: &'static (dyn Any + Send + Sync),
}

/// How a function of the program is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Calls {
    /// Once, in the transaction of its step.
    Once,
    /// Repeatedly, each time in a transaction of its own and with the cursor that the previous call wrote to the ledger.
    InBatches,
    /// Outside of a transaction; again where a run has died before it was recorded as done.
    Outside,
}

impl Calls {
    /// Every one.
    pub const ALL: &'static [Self] = &[Calls::Once, Calls::InBatches, Calls::Outside];

    /// The name of the mode of a step that calls a function so.
    pub const fn mode(self) -> &'static str {
        match self {
            Calls::Once => "program",
            Calls::InBatches => "program in batches",
            Calls::Outside => "program outside of a transaction",
        }
    }
}

impl fmt::Debug for ProgramFunction {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("ProgramFunction").field("name", &self.name).field("calls", &self.calls).finish_non_exhaustive()
    }
}

/// Why a step cannot be run whose function the program does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lacking {
    /// The program does not have the migration.
    Migration,
    /// The migration of the program calls other functions; those that are called in the same way.
    Function(Vec<Text>),
}
