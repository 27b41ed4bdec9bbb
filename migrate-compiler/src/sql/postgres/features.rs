//! What PostgreSQL has (manual, "PostgreSQL Limits").

use crate::problem::Role;
use crate::sql::features::{Features, Names, Reserved};
use crate::typing::Precision;

pub(super) static FEATURES: Features = Features {
    arrays: true,
    intervals: true,
    sequences: true,
    enums: true,
    new_values_are_committed_first: true,
    new_enums_are_known_since: Some(170_000),
    session_settings: true,
    extensions: true,
    schemas: true,
    longest_name: Some(63),
    most_columns: 1_600,
    most_key_columns: Some(32),
    most_operands: None,
    names_fold_case: false,
    type_names_fold: true,
    keys_share_names: true,
    foreign_keys_are_tied: true,
    foreign_keys_need_operators: true,
    indexes_are_immutable: true,
    indexes_have_classes: true,
    reserved: &[Reserved {
        // Manual, "System Columns".
        names: Names::Are(&["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"]),
        roles: &[Role::Column],
        why: "PostgreSQL has a system column of this name in every table",
    }],
    pads_char: true,
    changes_online: true,
    precision: Precision::Declared,
    looks_at_rows_since: None,
    updates_see_new_values: false,
    nulls_come_first: false,
    deferred_checks_block_changes: true,
    truncates: true,
    json_is_text: true,
    privileges: true,
    row_lock: " FOR UPDATE",
    loses_unknown_columns: false,
};
