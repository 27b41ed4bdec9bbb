//! What SQLite has (manual, "Implementation Limits").

use crate::problem::Role;
use crate::sql::features::{Features, Names, Reserved};
use crate::typing::Precision;

pub(super) static FEATURES: Features = Features {
    arrays: false,
    intervals: false,
    sequences: false,
    enums: false,
    new_values_are_committed_first: false,
    new_enums_are_known_since: None,
    session_settings: false,
    extensions: false,
    schemas: false,
    longest_name: None,
    most_columns: 2_000,
    most_key_columns: None,
    most_operands: Some(500),
    names_fold_case: true,
    type_names_fold: false,
    keys_share_names: false,
    foreign_keys_are_tied: false,
    foreign_keys_need_operators: false,
    indexes_are_immutable: false,
    indexes_have_classes: false,
    reserved: &[
        Reserved {
            names: Names::Begin("sqlite_"),
            roles: &[Role::Table, Role::Index],
            why: "names that begin with `sqlite_` belong to SQLite",
        },
        Reserved {
            names: Names::Begin("_migrate_"),
            roles: &[Role::Table],
            why: "SQLite rebuilds use names that begin with `_migrate_`",
        },
    ],
    type_names: &[],
    pads_char: false,
    changes_online: false,
    precision: Precision::Widest,
    looks_at_rows_since: Some(3_037_000),
    updates_see_new_values: true,
    nulls_come_first: true,
    deferred_checks_block_changes: false,
    truncates: false,
    json_is_text: false,
    privileges: false,
    row_lock: "",
    loses_unknown_columns: true,
};
