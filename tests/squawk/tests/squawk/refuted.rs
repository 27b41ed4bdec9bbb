//! What squawk reports and we accept, each with what shows that it does no harm here.

use std::collections::BTreeSet;

use migrate_history::Work;

use crate::text::Placed;

/// Findings of a rule on statements of a shape, and why they are accepted.
pub struct Refuted {
    /// The rule of squawk.
    pub rule: &'static str,
    /// The statement, with `…` for anything.
    pub shape: &'static str,
    /// What must be so.
    pub holds: Holds,
    /// Why that is enough, with the test that shows it.
    pub reason: &'static str,
}

/// What refutes a finding, as far as a test can see it.
#[derive(Clone, Copy)]
pub enum Holds {
    /// One of these rules of ours finds the same, so that the author knows of it.
    Said(&'static [&'static str]),
    /// The step does nothing with the rows of any table that existed before: the live test `locks` compares that with a server.
    NoWork,
    /// The step has a probe, which says what became of it.
    Probed,
    /// It is a downgrade.
    Downgrade,
    /// Nothing but what the reason says.
    Always,
}

/// Which direction a statement is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
}

impl Refuted {
    /// Whether it is about this finding.
    pub fn is_met_by(&self, rule: &str, statement: &Placed, way: Way, said: &BTreeSet<&'static str>) -> bool {
        self.rule == rule && has_shape(&statement.sql, self.shape) && self.holds.of(statement, way, said)
    }
}

impl Holds {
    fn of(self, statement: &Placed, way: Way, said: &BTreeSet<&'static str>) -> bool {
        match self {
            Holds::Said(rules) => way == Way::Up && rules.iter().any(|rule| said.contains(rule)),
            Holds::NoWork => statement.touches.tables.iter().all(|touched| touched.work == Work::Nothing),
            Holds::Probed => statement.is_probed,
            Holds::Downgrade => way == Way::Down,
            Holds::Always => true,
        }
    }
}

/// Whether a statement has the parts of a shape in this order, from its beginning.
fn has_shape(sql: &str, shape: &str) -> bool {
    let mut parts = shape.split('…');
    let Some(mut rest) = parts.next().and_then(|first| sql.strip_prefix(first)) else { return false };
    parts.all(|part| {
        rest.split_once(part).is_some_and(|(_, after)| {
            rest = after;
            true
        })
    })
}

/// The finding is accepted for every statement, or for every one of a shape.
const fn always(rule: &'static str, shape: &'static str, reason: &'static str) -> Refuted {
    Refuted { rule, shape, holds: Holds::Always, reason }
}

/// A rule of ours says the same.
const fn said(rule: &'static str, rules: &'static [&'static str]) -> Refuted {
    let reason = "the compiler says so too; `migrate-compiler/tests/dangers.rs` has what it finds";
    Refuted { rule, shape: "", holds: Holds::Said(rules), reason }
}

/// A downgrade does it.
const fn downgrade(rule: &'static str) -> Refuted {
    let reason = "a downgrade takes back what its upgrade did, after the running application was taken back: what it loses is asked \
                  before it begins (the live tests `guard` and `drops`), and the plan shows what it locks (the live tests `locks` and \
                  `inspect`)";
    Refuted { rule, shape: "", holds: Holds::Downgrade, reason }
}

const fn no_work(rule: &'static str, shape: &'static str, reason: &'static str) -> Refuted {
    Refuted { rule, shape, holds: Holds::NoWork, reason }
}

const fn probed(rule: &'static str, shape: &'static str, reason: &'static str) -> Refuted {
    Refuted { rule, shape, holds: Holds::Probed, reason }
}

/// Changes of a type, which take the default, the checks and the indexes of a column with them.
const RETYPED: &[&str] = &["rewrite_table", "scan_under_lock", "narrow_type", "drop_value"];

const VALID: &str = "IF [NOT] EXISTS would take an index that is not valid for one that is: the probe of the step reads `indisvalid`, and \
                     half an index is dropped (the live tests `modes` and `online`, `a_recipe_that_is_stopped_goes_on`)";
const NEW_TABLE: &str = "the table is made by the same migration and has no rows; nothing is read in the table that it refers to (the live test `locks`)";
const OLD_NAME: &str = "the type has this name for as long as one transaction: no session ever sees it";
const OWN_CHECK: &str = "the check that SET NOT NULL relies on, dropped in the transaction that sets it (the live test `online`)";
const OWN_SEQUENCE: &str = "the sequence of a column that the same migration added, which has an identity with its number instead in the \
                            same transaction (the live test `online`)";
const NEW_COLUMN: &str = "the column is added by the same migration: no running instance writes it, and it gets its default before \
                          anything is required of it (the live test `online`, `rows_that_are_written_meanwhile_have_their_values_too`)";
const NEW_NUMBERS: &str = "the column is numbered before and after it, or from now on, in one transaction; an INSERT may still name it or \
                           leave it out (the live test `witness`)";
const RESTRICTED: &str =
    "it is dropped without CASCADE: the server refuses it as long as anything uses it, as does the compiler (rule `object_used`)";
const NAME_ONLY: &str =
    "statements of an application do not name it, but for ON CONFLICT ON CONSTRAINT; no row is read (the live test `locks`)";

/// The list. The first that is about a finding counts.
pub const REFUTED: &[Refuted] = &[
    // Timeouts and names are for the executor and the author.
    always(
        "require-lock-timeout",
        "",
        "the executor sets `lock_timeout` before each statement, by `set_config`, and tries again (the live test `executor`, \
         `a_step_behind_a_long_reader_is_tried_again_and_others_wait_no_longer_than_the_timeout`)",
    ),
    always(
        "require-statement-timeout",
        "",
        "what takes long lets others read and write, and must not be given up halfway (the live test `online`); what blocks others and \
         takes long is an error until it is allowed (rules `rewrite_table` and `scan_under_lock`)",
    ),
    always("require-table-schema", "", "a schema is written where the migration names one; else it is that of the connection"),
    always("prefer-bigint-over-int", "", "style: the author chose the type; for keys there is our rule `prefer_bigint`"),
    always("prefer-text-field", "", "style: the author chose the type; our rule is `prefer_text`"),
    always("prefer-timestamp-tz", "", "style: the author chose the type; our rule is `prefer_timestamptz`"),
    probed("prefer-robust-stmts", "CREATE …INDEX CONCURRENTLY ", VALID),
    probed("prefer-robust-stmts", "DROP INDEX CONCURRENTLY ", VALID),
    // Columns.
    no_work(
        "ban-add-column",
        "ALTER TABLE …ADD COLUMN ",
        "queries that sqlx checks name their columns or are prepared again; what an INSERT must say is our rule `add_required_column`",
    ),
    said("ban-drop-column", &["drop_column"]),
    downgrade("ban-drop-column"),
    said("changing-column-type", RETYPED),
    no_work(
        "changing-column-type",
        "ALTER TABLE …TYPE ",
        "no row is read and no file is written (the live test `locks`; `Type::is_rewritten_as`)",
    ),
    downgrade("changing-column-type"),
    said("ban-drop-not-null", &["drop_not_null"]),
    downgrade("ban-drop-not-null"),
    said("renaming-column", &["rename_column"]),
    downgrade("renaming-column"),
    said("ban-drop-default", &["change_default", "rewrite_table", "scan_under_lock", "drop_value"]),
    no_work("ban-drop-default", "ALTER TABLE …ALTER COLUMN …DROP DEFAULT", OWN_SEQUENCE),
    always("ban-drop-default", "ALTER TABLE …ALTER COLUMN \"number\" DROP DEFAULT", NEW_NUMBERS),
    downgrade("ban-drop-default"),
    said("ban-set-default", &["change_default", "rewrite_table", "scan_under_lock", "drop_value"]),
    no_work("ban-set-default", "ALTER TABLE …ALTER COLUMN …SET DEFAULT ", NEW_COLUMN),
    always("ban-set-default", "ALTER TABLE …ALTER COLUMN …SET DEFAULT nextval(", NEW_NUMBERS),
    downgrade("ban-set-default"),
    always("adding-not-nullable-field", "ALTER TABLE \"lone\" ", NEW_TABLE),
    // Numbers.
    said("ban-alter-identity", &["change_default", "new_restriction"]),
    no_work("ban-alter-identity", "ALTER TABLE …ADD GENERATED BY DEFAULT AS IDENTITY ", NEW_COLUMN),
    always("ban-alter-identity", "ALTER TABLE …ADD GENERATED BY DEFAULT AS IDENTITY ", NEW_NUMBERS),
    always("ban-alter-identity", "ALTER TABLE …ALTER COLUMN \"id\" DROP IDENTITY", NEW_NUMBERS),
    downgrade("ban-alter-identity"),
    always("ban-drop-sequence", "DROP SEQUENCE \"migrate_sequence\"", OWN_SEQUENCE),
    said("ban-drop-sequence", &["change_default", "new_restriction"]),
    always("ban-drop-sequence", "DROP SEQUENCE ", NEW_NUMBERS),
    // Constraints.
    always("ban-drop-constraint", "ALTER TABLE …DROP CONSTRAINT \"migrate_not_null_", OWN_CHECK),
    said("ban-drop-constraint", &["drop_constraint", "drop_table"]),
    said("ban-drop-constraint", RETYPED),
    downgrade("ban-drop-constraint"),
    no_work("adding-foreign-key-constraint", "ALTER TABLE \"votes\" ", NEW_TABLE),
    said("adding-foreign-key-constraint", &["drop_value"]),
    no_work("constraint-missing-not-valid", "ALTER TABLE \"votes\" ", NEW_TABLE),
    said("constraint-missing-not-valid", RETYPED),
    downgrade("constraint-missing-not-valid"),
    said("ban-new-write-restriction", &["new_restriction"]),
    said("ban-new-write-restriction", RETYPED),
    no_work(
        "ban-new-write-restriction",
        "ALTER TABLE …ADD COLUMN …NOT NULL DEFAULT ",
        "an INSERT that does not name the column writes its default",
    ),
    no_work(
        "ban-new-write-restriction",
        "ALTER TABLE …ALTER CONSTRAINT …DEFERRABLE",
        "the key refuses the same rows, at the COMMIT at the latest",
    ),
    no_work("ban-new-write-restriction", "ALTER TABLE …CHECK (…IS NOT NULL) NOT VALID", NEW_COLUMN),
    no_work("ban-new-write-restriction", "ALTER TABLE …SET NOT NULL", NEW_COLUMN),
    no_work("ban-new-write-restriction", "ALTER TABLE …UNIQUE USING INDEX ", NEW_COLUMN),
    always("ban-new-write-restriction", "CREATE UNIQUE INDEX CONCURRENTLY \"users_token_key\" ", NEW_COLUMN),
    always("ban-new-write-restriction", "CREATE UNIQUE INDEX CONCURRENTLY \"posts_code_key\" ", NEW_COLUMN),
    no_work("ban-new-write-restriction", "ALTER TABLE \"posts\" ADD CONSTRAINT \"posts_by_whom_fkey\" ", NEW_COLUMN),
    no_work("ban-new-write-restriction", "ALTER TABLE \"posts\" ADD CONSTRAINT \"posts_rank_check\" ", NEW_COLUMN),
    downgrade("ban-new-write-restriction"),
    // Indexes.
    said("ban-drop-index", RETYPED),
    probed(
        "ban-drop-index",
        "DROP INDEX CONCURRENTLY ",
        "statements do not name an index; it takes no lock that blocks reads or writes (the live test `locks`)",
    ),
    downgrade("ban-drop-index"),
    said("require-concurrent-index-creation", RETYPED),
    downgrade("require-concurrent-index-creation"),
    said("require-concurrent-index-deletion", RETYPED),
    downgrade("require-concurrent-index-deletion"),
    // Tables and other objects.
    said("ban-drop-table", &["drop_table"]),
    downgrade("ban-drop-table"),
    said("renaming-table", &["rename_table"]),
    downgrade("renaming-table"),
    always("renaming-object", "ALTER INDEX …RENAME TO ", NAME_ONLY),
    always("renaming-object", "ALTER TABLE …RENAME CONSTRAINT ", NAME_ONLY),
    always("renaming-object", "ALTER TYPE …RENAME TO \"_migrate_old_", OLD_NAME),
    always("renaming-object", "ALTER SEQUENCE …RENAME TO \"migrate_sequence\"", OWN_SEQUENCE),
    said("renaming-object", &["rename_enum", "rename_value"]),
    downgrade("renaming-object"),
    said("ban-drop-extension", &["drop_object"]),
    downgrade("ban-drop-extension"),
    said("ban-drop-schema", &["drop_object"]),
    downgrade("ban-drop-schema"),
    always("ban-drop-type", "DROP TYPE \"_migrate_old_", OLD_NAME),
    said("ban-drop-type", &["drop_object"]),
    downgrade("ban-drop-type"),
    // Values of enums.
    always(
        "ban-add-enum-value",
        "ALTER TYPE …ADD VALUE ",
        "no row has the value until an application writes it; it is committed before it is used (the live test `enums`)",
    ),
    always(
        "require-enum-value-ordering",
        "ALTER TYPE …ADD VALUE ",
        "`add` without `before` and `after` is at the end, as the book says; the example means that",
    ),
];
