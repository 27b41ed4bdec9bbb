//! Where a text is read as a value, and what is passed over there.

/// Where a text is read as a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A default, or an operand with a value of the type: it must be written as the type is kept.
    Value,
    /// A cast, which converts: `"yes"::boolean`, `"2026-11-22 09:30"::date`.
    Cast,
}

/// What PostgreSQL passes over around a value.
pub(super) const SPACE: [char; 6] = [' ', '\t', '\n', '\r', '\x0b', '\x0c'];
