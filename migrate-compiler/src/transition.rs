//! An operation that is done, between the schema before it and the schema after it: what simulation, reversal and lowering share.

use crate::operation::Operation;
use crate::problem::PieceId;
use crate::schema::Schema;
use crate::session_setting::SessionSetting;

/// An operation between its two schemas.
#[derive(Clone, Debug)]
pub(crate) struct Transition {
    /// The piece that says it, or that it undoes.
    pub piece: PieceId,
    /// The settings of the session that its statements have to themselves.
    pub settings: Vec<SessionSetting>,
    /// The operation, completed.
    pub operation: Operation,
    /// The schema before it.
    pub before: Schema,
    /// The schema after it.
    pub after: Schema,
}

impl Transition {
    /// Where steps lead from a schema.
    pub fn end<'s>(steps: &'s [Transition], start: &'s Schema) -> &'s Schema {
        steps.last().map_or(start, |last| &last.after)
    }
}
