//! What each database defines for itself, and what uses it to write SQL.
//! Nothing here has a default: the compiler requires each method for a new database.

use migrate_history::{Action, Database};

use crate::ddl::{AlteredEnum, Ddl};
use crate::expr::{Binary, CurrentValue, Expr, Truth};
use crate::name::Name;
use crate::objects::Kind;
use crate::online::Online;
use crate::raw::Refused;
use crate::rows::{ChangedRows, RowRecord};
use crate::schema::{Column, Schema};
use crate::session_setting::{SessionSetting, SettingScope};
use crate::sql::features::Features;
use crate::sql::function::FunctionForm;
use crate::sql::touch::TableTouch;
use crate::sql::{OnlineStep, Rendered, Sql, Unsupported};
use crate::types::Type;
use crate::typing::function::Function;
use crate::typing::{Frame, Readable};

/// Writes expressions over columns whose types count where they are known.
#[derive(Clone, Copy)]
pub(crate) struct Writer<'a> {
    /// In whose words.
    pub(super) dialect: &'static dyn Dialect,
    /// The columns that are written by their names alone.
    pub(super) columns: &'a [Column],
    /// The tables whose columns are written with their table.
    pub(super) frame: Option<&'a Frame<'a>>,
    /// The tables that queries can read.
    pub(super) tables: Option<Readable<'a>>,
}

impl<'a> Writer<'a> {
    /// Writes expressions without queries over the columns of a table.
    pub(super) fn over(dialect: &'static dyn Dialect, columns: &'a [Column]) -> Writer<'a> {
        Writer { dialect, columns, frame: None, tables: None }
    }

    /// The same where no column can be named.
    #[must_use]
    pub fn without_columns(self) -> Writer<'a> {
        Writer { columns: &[], frame: None, ..self }
    }

    /// The same with queries over the tables of a schema, which may name the columns of the tables of a frame.
    #[must_use]
    pub fn reading(self, tables: Readable<'a>, frame: &'a Frame<'a>) -> Writer<'a> {
        Writer { frame: Some(frame), tables: Some(tables), ..self }
    }
}

/// Whether a row already exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowAge {
    /// It comes with the statement.
    New,
    /// It was there before.
    There,
}

/// A table, or a column of one.
pub(crate) struct TableOrColumn<'s> {
    /// The table.
    pub table: &'s Name,
    /// Its column.
    pub column: Option<&'s str>,
}

/// What rows in a text are read by.
pub(crate) struct RowSource {
    /// The text after `FROM`.
    pub from: String,
    /// The value of a place of a row, as text.
    pub value: fn(usize) -> String,
    /// The text that is required before `ON CONFLICT`.
    pub condition: &'static str,
}

/// A database's SQL.
pub(crate) trait Dialect: Sync {
    /// Which database it is.
    fn database(&self) -> Database;

    /// What it has, and how much of it.
    fn features(&self) -> &'static Features;

    /// The statements that its raw SQL cannot have.
    fn refused(&self) -> &'static [Refused];

    /// A change as statements.
    fn change(&self, ddl: &Ddl) -> Result<Rendered, Unsupported>;

    /// New values of an enum that are used before the COMMIT, where [that cannot be](Features::new_values_are_committed_first) with
    /// [`Dialect::change`].
    fn values_at_once(&self, altered: &AlteredEnum) -> Result<Rendered, Unsupported>;

    /// A change that is made while others use the table, where the database [can](Features::changes_online).
    fn online(&self, change: &Online) -> Result<OnlineStep, Unsupported>;

    /// The tables that a change touches, in the schema before it.
    fn touches(&self, ddl: &Ddl, before: &Schema) -> Vec<TableTouch>;

    /// The tables that a change of a table in use touches, in the schema before it.
    fn touches_online(&self, change: &Online, before: &Schema) -> Vec<TableTouch>;

    /// What a type is declared as.
    fn type_name(&self, ty: &Type) -> Sql;

    /// How it writes a portable function; `None` for one that it does not have.
    fn function(&self, function: &Function) -> Option<FunctionForm>;

    /// An operator between operands.
    fn operator(&self, operator: Binary) -> Sql;

    /// An operator with operands that are written already.
    fn applied(&self, operator: Binary, left: &str, right: &str) -> Sql;

    /// A literal or an array that is used with a value of the type; `None` where it is written as it is anywhere else.
    fn beside(&self, writer: &Writer<'_>, expr: &Expr, ty: &Type) -> Option<Sql>;

    /// A value as it is assigned to a column of the type; `None` where it is written as it is anywhere else.
    fn assigned(&self, writer: &Writer<'_>, expr: &Expr, to: &Type) -> Option<Sql>;

    /// `default` as the value that a row gets in a column.
    fn defaulted(&self, column: &Column, row: RowAge) -> Sql;

    /// What makes the table of keys where it is not there.
    fn table_of_keys(&self) -> String;

    /// A column of the table of keys as a value of the type.
    fn key_value(&self, name: &str, ty: &Type) -> Sql;

    /// What is another text where one of the values is another one.
    fn fingerprint(&self, values: &[String]) -> String;

    /// The statements that insert rows, so that the keys of those that are inserted are recorded.
    fn recording(&self, changed: &ChangedRows, record: &RowRecord, inserts: Vec<(Action, String)>) -> Vec<(Action, String)>;

    /// The rows of a JSON array of arrays of texts and nulls.
    fn rows_of(&self, array: &str) -> RowSource;

    /// What empties a table.
    fn emptied(&self, table: &Name) -> String;

    /// A conversion that the user wrote.
    fn cast(&self, writer: &Writer<'_>, operand: &Expr, to: &Type) -> Sql;

    /// `like` and `not like`.
    fn like(&self, writer: &Writer<'_>, left: &Expr, operator: Binary, right: &Expr) -> Sql;

    /// A row in a list of rows.
    fn row_in(&self, writer: &Writer<'_>, row: &Expr, list: &[Expr], not: &str) -> Sql;

    /// Whether it shifts bits as PostgreSQL does.
    fn shift(&self, writer: &Writer<'_>, operator: Binary, left: &Expr, right: &Expr) -> Result<(), Unsupported>;

    /// A point in time on the clock of a zone, or the reverse.
    fn at_time_zone(&self, writer: &Writer<'_>, operand: &Expr, zone: &Expr) -> Sql;

    /// The current moment, or who asks.
    fn current(&self, current: CurrentValue) -> Sql;

    /// The truth value after `IS`.
    fn truth(&self, truth: Truth) -> &'static str;

    /// A value as the text of a literal of SQL.
    fn as_literal(&self, value: &str) -> String;

    /// The query for the last of the rows that another one gives in the order of these columns: each of its values as the text of a literal,
    /// and how many rows there are. No row where there are none.
    fn last(&self, columns: &[String], rows: &str) -> String;

    /// A literal that [`Dialect::as_literal`] gave, in the type of its column.
    fn of_literal(&self, literal: &str, ty: &Type) -> Sql;

    /// The statement that sets these before others, and the one that puts them back after those; `None` where there are none.
    fn settings(&self, settings: &[SessionSetting], scope: SettingScope) -> Option<[String; 2]>;

    /// A literal of bytes.
    fn bytes(&self, bytes: &[u8]) -> String;

    /// A value that is written already, in the type of its column.
    fn typed(&self, value: String, ty: &Type) -> Sql;

    /// A value of a column whose type changes.
    fn converted(&self, value: String, from: &Type, to: &Type) -> Sql;

    /// When a value would not come back from a type; `None` where every value does.
    fn misfit(&self, value: &str, from: &Type, to: &Type) -> Option<String>;

    /// When a value of a column differs from a constant.
    fn differs(&self, column: &str, constant: &str, ty: &Type) -> Option<String>;

    /// A `char(n)` without the spaces at its end, where it is compared or calculated with.
    fn trimmed(&self, value: &str) -> String;

    /// A `char(n)` with the spaces that PostgreSQL keeps of it.
    fn padded(&self, value: &str, length: u32) -> String;

    /// What makes the checks of deferred constraints that are pending, and defers the next ones again.
    fn check_now(&self, constraints: &[Name]) -> Vec<String>;

    /// What stops a step at rows that refer to nothing, counted by a query; `None` where a foreign key is checked when it is made.
    fn check_references(&self, orphans: &str, refusal: &str) -> Option<String>;

    /// A query that counts one where the database does not have a table, or a column of it, and else none.
    fn lacks(&self, table: &Name, column: Option<&str>) -> String;

    /// A query for the number of columns that are kept and use an object, but for those in places that are known; `None` where nothing that is
    /// kept depends on such an object.
    fn used_by_kept(&self, kind: Kind, name: &Name, known: &[TableOrColumn<'_>]) -> Option<String>;

    /// How many sequences of this name, one or none, have counted beyond a number; `None` where nothing limits them.
    fn counted_beyond(&self, sequence: &Name, highest: i64) -> Option<String>;
}
