//! The words that the form of a line depends on.

/// The words after which an expression begins, so that a minus after them belongs to what follows.
pub(super) const BEFORE_VALUES: &[&str] = &[
    "and", "between", "by", "case", "default", "distinct", "else", "from", "having", "ilike", "in", "is", "like", "limit", "not",
    "on", "or", "select", "then", "to", "using", "when", "where", "zone",
];

/// The other words that parentheses or brackets come after with a space. Before any other word's they are those of a function or a type.
pub(super) const BEFORE_LISTS: &[&str] = &[
    "as",
    "check",
    "exact",
    "exclude",
    "exists",
    "include",
    "index",
    "into",
    "join",
    "key",
    "null",
    "references",
    "set",
    "undo",
    "unique",
    "update",
    "values",
    "with",
];

/// The words that a name comes after which has a list of its own: `references users (id)`.
pub(super) const BEFORE_OWNERS: &[&str] = &["enum", "index", "into", "references", "table"];

/// The same after `index`: `create index on users using gin (tags)`.
pub(super) const BEFORE_OWNERS_IN_INDEX: &[&str] = &["on", "using"];

/// The words that begin a clause, where a line that is too long is broken first. Of several that fit the longest counts.
pub(super) const CLAUSES: &[&[&str]] = &[
    &["as", "nothing"],
    &["check"],
    &["default"],
    &["deferrable"],
    &["drop", "default"],
    &["from"],
    &["generated"],
    &["group", "by"],
    &["having"],
    &["in", "batches"],
    &["include"],
    &["inner", "join"],
    &["irreversible"],
    &["join"],
    &["left", "join"],
    &["left", "outer", "join"],
    &["limit"],
    &["nulls", "not", "distinct"],
    &["on", "conflict"],
    &["on", "delete", "set", "default"],
    &["on", "delete", "set", "null"],
    &["on", "delete"],
    &["on", "update", "set", "default"],
    &["on", "update", "set", "null"],
    &["on", "update"],
    &["order", "by"],
    &["outside", "of"],
    &["references"],
    &["select"],
    &["set", "default"],
    &["set"],
    &["undo", "default"],
    &["undo", "nothing"],
    &["undo"],
    &["using"],
    &["where"],
];

/// What joins conditions and texts, where a line is broken next: what binds least first.
pub(super) const JOINTS: [&str; 3] = ["or", "and", "||"];
