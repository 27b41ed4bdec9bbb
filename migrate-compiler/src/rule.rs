//! The rules of the language, each by its name: a problem that is reported has one of these, and a UI test of that name.

/// The rules of how a migration is written, found while it is read.
pub const GRAMMAR: &[&str] = &[
    "ambiguous_table",
    "array_dimensions",
    "array_length",
    "attribute_here",
    "attribute_twice",
    "auto_increment",
    "block_and_undo",
    "cascade",
    "colon",
    "comma",
    "comment_here",
    "database_twice",
    "empty_effect",
    "empty_sql",
    "expected",
    "feature_off",
    "head_first",
    "history_name",
    "if_exists",
    "index_concurrently",
    "keep_here",
    "keyword_case",
    "label_name",
    "literal_suffix",
    "module_twice",
    "name_folded",
    "no_databases",
    "not_null",
    "nul",
    "nullable_elements",
    "nullable_type",
    "other_table",
    "parent_twice",
    "planned",
    "protected_pattern",
    "query_alias",
    "query_clause",
    "query_parens",
    "reason",
    "revision_id",
    "revision_reserved",
    "rust_operator",
    "rust_type",
    "select_all",
    "semicolon",
    "serial_here",
    "set_name",
    "setting_twice",
    "single_quotes",
    "sql_comment",
    "sql_syntax",
    "syntax",
    "too_deep",
    "type_arguments",
    "undo_default",
    "undo_here",
    "unexpected",
    "unknown_attribute",
    "unknown_database",
    "unknown_keyword",
    "unknown_level",
    "unknown_literal",
    "unknown_setting",
    "unknown_statement",
    "unknown_version",
    "version_too_old",
];

/// The rules of tables, columns, schemas and extensions, and of their names, found on the schema before a statement.
pub const OBJECTS: &[&str] = &[
    "add_required_column",
    "changes_nothing",
    "column_exists",
    "column_twice",
    "drop_column",
    "drop_column_used",
    "drop_table",
    "drop_table_used",
    "name_empty",
    "name_reserved",
    "name_taken",
    "name_too_long",
    "object_exists",
    "object_used",
    "rename_moves",
    "table_exists",
    "too_many_columns",
    "unknown_column",
    "unknown_object",
    "unknown_table",
];

/// The rules of the types of columns, their defaults, and enums, found on the schema before a statement.
pub const TYPES: &[&str] = &[
    "counter_default",
    "counter_nullable",
    "counter_type",
    "default_column",
    "default_null",
    "default_type",
    "enum_order",
    "enum_without_values",
    "sequence_used",
    "type_needs_using",
    "unknown_sequence",
    "unknown_type",
    "unknown_value",
    "using_type",
    "value_exists",
    "value_too_long",
    "value_used",
];

/// The rules of expressions, found on the schema before a statement.
pub const EXPRESSIONS: &[&str] = &[
    "any_needs_array",
    "argument_type",
    "cast_type",
    "function_arguments",
    "literal_type",
    "not_a_condition",
    "null_comparison",
    "operand_type",
    "row_arity",
    "row_value",
    "text_or_column",
    "unknown_function",
];

/// The rules of keys, constraints and indexes, found on the schema before a statement.
pub const KEYS: &[&str] = &[
    "alter_constraint_kind",
    "check_deferrable",
    "constant_unique",
    "constraint_exists",
    "duplicate_key",
    "foreign_key_arity",
    "foreign_key_no_key",
    "foreign_key_type",
    "index_exists",
    "index_method",
    "key_type",
    "key_used",
    "not_immutable",
    "nullable_primary_key",
    "operator_class",
    "second_primary_key",
    "set_columns",
    "set_default_missing",
    "set_null_not_null",
    "too_many_keys",
    "unknown_constraint",
    "unknown_index",
];

/// The rules of statements about rows, found on the schema before a statement.
pub const ROWS: &[&str] = &[
    "backfill_key",
    "backfill_reads",
    "conflict_deferrable",
    "duplicate_row",
    "file_twice",
    "missing_columns",
    "missing_value",
    "rows_file",
    "truncate_referenced",
    "value_column",
    "value_count",
    "value_generated",
    "value_null",
    "value_type",
];

/// The rules of queries in expressions, found on the schema before a statement.
pub const QUERIES: &[&str] = &[
    "aggregate_here",
    "ambiguous_column",
    "by_position",
    "distinct_order",
    "limit_without_order",
    "not_grouped",
    "not_in_null",
    "one_value",
    "query_here",
    "several_matches",
    "several_rows",
    "table_twice",
];

/// The rules of downgrades and levels, found on the schema before a statement.
pub const DOWNGRADES: &[&str] = &[
    "down_and_undo",
    "down_differs",
    "downgrade_fails",
    "keep_rows",
    "kept_data",
    "misplaced_rows",
    "needs_undo",
    "require",
    "undo_differs",
    "undo_nothing",
    "unknown_kept",
];

/// The rules of raw SQL, and of what an `expect` asks, found on the schema before a statement.
pub const RAW: &[&str] = &[
    "expect_query",
    "raw_client",
    "raw_concurrently",
    "raw_copy",
    "raw_expression",
    "raw_names_column",
    "raw_outside",
    "raw_transaction",
    "raw_unclosed",
];

/// The rules of what the databases of a history support, and of `allow`, found on the schema before a statement.
pub const SERVERS: &[&str] = &["allow_reason", "only_elsewhere", "server_version", "unknown_rule", "unsupported", "unused_allow"];

/// The rules about dangers that are no mistakes, besides those of the lists before: a history accepts them, or a statement does
/// ([`crate::lint`]).
pub const DANGERS: &[&str] = &[
    "change_default",
    "delete_all_rows",
    "drop_constraint",
    "drop_not_null",
    "drop_object",
    "drop_value",
    "json_column",
    "narrow_type",
    "new_restriction",
    "no_primary_key",
    "prefer_bigint",
    "prefer_identity",
    "prefer_text",
    "prefer_timestamptz",
    "raw_delete",
    "raw_drop",
    "raw_index",
    "raw_lock",
    "raw_rename",
    "raw_rewrite",
    "raw_scan",
    "raw_truncate",
    "raw_update",
    "redundant_index",
    "rename_column",
    "rename_enum",
    "rename_table",
    "rename_value",
    "rewrite_table",
    "scan_under_lock",
    "truncate_table",
    "unindexed_foreign_key",
    "update_in_one_transaction",
    "wide_index",
];

/// The rules of how migrations fit together, found where a migration meets its parents.
pub const PARENTS: &[&str] = &["merge_conflict", "other_version", "unknown_parent"];

/// What the rules of a list are about.
pub struct Topic {
    /// A word for it, as in the name of a file.
    pub word: &'static str,
    /// A heading for it.
    pub heading: &'static str,
    /// Its rules.
    pub rules: &'static [&'static str],
    /// What is about it besides its rules: rules that another list has, since they are found elsewhere, and mistakes that are no rule.
    pub others: &'static [&'static str],
}

/// Every list, each rule in one of them.
pub const TOPICS: &[Topic] = &[
    Topic { word: "grammar", heading: "How a migration is written", rules: GRAMMAR, others: &["several_mistakes", "sql"] },
    Topic { word: "objects", heading: "Tables, columns and names", rules: OBJECTS, others: &["same_letters"] },
    Topic { word: "types", heading: "Types, defaults and enums", rules: TYPES, others: &[] },
    Topic { word: "expressions", heading: "Expressions", rules: EXPRESSIONS, others: &[] },
    Topic { word: "keys", heading: "Keys, constraints and indexes", rules: KEYS, others: &[] },
    Topic { word: "rows", heading: "Rows", rules: ROWS, others: &["run"] },
    Topic {
        word: "queries",
        heading: "Queries",
        rules: QUERIES,
        others: &["ambiguous_table", "query_alias", "query_clause", "query_parens", "select_all"],
    },
    Topic { word: "downgrades", heading: "Downgrades and levels", rules: DOWNGRADES, others: &["wrong_down"] },
    Topic { word: "raw", heading: "Raw SQL", rules: RAW, others: &["raw_sql"] },
    Topic {
        word: "servers",
        heading: "Databases, versions and accepted dangers",
        rules: SERVERS,
        others: &["database_planned", "decimal_on_sqlite", "identity_on_sqlite", "schema_on_sqlite"],
    },
    Topic { word: "dangers", heading: "What breaks or blocks a running application", rules: DANGERS, others: &[] },
    Topic {
        word: "parents",
        heading: "How migrations fit together",
        rules: PARENTS,
        others: &[
            "broken_ancestor",
            "cycle",
            "label_twice",
            "no_history",
            "only_lacks",
            "parent_not_listed",
            "released",
            "revision_twice",
            "root_not_listed",
            "two_heads",
        ],
    },
];

impl Topic {
    /// The topic of a mistake: that of the name, or of the longest beginning of it.
    pub fn of(name: &str) -> Option<&'static Topic> {
        let begins = |known: &str| name == known || name.strip_prefix(known).is_some_and(|rest| rest.starts_with('_'));
        let longest = |names: &[&str]| names.iter().filter(|known| begins(known)).map(|known| known.len()).max();
        // What a topic has besides its rules is in the list of another one.
        let of_rule = TOPICS.iter().filter_map(|topic| Some((longest(topic.rules)?, topic)));
        let of_other = TOPICS.iter().filter_map(|topic| Some((longest(topic.others)?, topic)));
        of_rule.chain(of_other).max_by_key(|(length, _)| *length).map(|(_, topic)| topic)
    }
}

/// Whether a rule has this name.
pub fn is_known(name: &str) -> bool {
    TOPICS.iter().any(|topic| topic.rules.contains(&name))
}
