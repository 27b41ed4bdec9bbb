//! The words of queries: columns of their tables, and aggregates.

use super::scope::{Aggregates, ExprScope};
use crate::expr::{Aggregate, Expr};
use crate::help::Help;
use crate::name::{Name, Written, WrittenTable};
use crate::operation::resolve;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::sql::registry::where_true;
use crate::suggestion::did_you_mean;
use crate::types::{Family, Type};
use crate::typing::{self, Frame, Inferred, Visible};

/// A column with its table before it.
fn with_table(table: &Visible<'_>, column: &str) -> String {
    Expr::Qualified { table: table.name(), column: column.to_owned() }.to_string()
}

/// "`u` and `v`"
fn names(tables: &[&Visible<'_>]) -> String {
    tables.iter().map(|table| format!("`{}`", table.name())).collect::<Vec<_>>().join(" and ")
}

impl ExprScope<'_> {
    /// Rules `ambiguous_column` and `unknown_column`, for a name without a table that is not of one table of its query.
    pub(super) fn of_query(&self, column: &str, problems: &mut Problems) {
        let Some(frame) = self.frame.filter(|frame| frame.tables.iter().all(|table| table.body.is_some())) else { return };
        let holders = holders(frame, column);
        let slot = Slot::new(Role::Use, column);
        match holders.as_slice() {
            [_] => {}
            [] => {
                let tables = names(&frame.tables.iter().collect::<Vec<_>>());
                let tables = if tables.is_empty() { "a query without `from`" } else { &tables };
                let message = format!("unknown column `{}` in {tables}", Written(column));
                problems.push(
                    Problem::new("unknown_column", slot, message).help_if(outer(frame, column)).help_if(near(frame, column)),
                );
            }
            several => {
                let message = format!("column `{}` is ambiguous: {} have it", Written(column), names(several));
                let ways: Vec<String> = several.iter().map(|table| format!("`{}`", with_table(table, column))).collect();
                problems.push(Problem::new("ambiguous_column", slot, message).help(format!("write {}", ways.join(" or "))));
            }
        }
    }

    /// Rules `unknown_table` and `unknown_column`, for a column with its table before it.
    pub(super) fn qualified(&self, table: &Name, column: &str, problems: &mut Problems) {
        let Some(visible) = self.frame.and_then(|frame| frame.table(table)) else {
            let shown: Vec<String> = all(self.frame).iter().map(|table| table.name().to_string()).collect();
            let name = table.to_string();
            let message = format!("no table of this query is called `{name}`");
            let near = did_you_mean(&name, shown.iter().map(String::as_str));
            let help = format!("the tables are {}", shown.join(", "));
            problems.push(Problem::new("unknown_table", Slot::new(Role::From, name), message).help_if(near).help(help));
            return;
        };
        if let Some(body) = visible.body {
            resolve::column_in_expression(&visible.name(), body, column, problems);
        }
    }

    /// Rules `aggregate_here`, `argument_type` and `enum_order`; what is known of the arguments.
    pub(super) fn aggregate(&self, function: Aggregate, arguments: &[Expr], problems: &mut Problems) -> Option<Vec<Inferred>> {
        let word = function.word();
        let slot = || Slot::new(Role::Function, word);
        let inner = ExprScope { sequence: None, aggregates: Aggregates::Refused(word), ..*self };
        let known: Vec<Inferred> = arguments.iter().map(|argument| inner.infer(argument, problems)).collect();
        let shown = Expr::Aggregate { function, arguments: arguments.to_vec(), duplicates: crate::expr::Duplicates::Kept };
        let wrong = match self.aggregates {
            Aggregates::Allowed => None,
            Aggregates::Refused(place) => Some(format!("the aggregate `{word}` is not allowed in `{place}`")),
            Aggregates::Outside => Some(format!("`{word}` is an aggregate, which is allowed only in a query")),
        };
        if let Some(wrong) = wrong {
            let table =
                self.frame.and_then(|frame| frame.tables.first()).map_or_else(|| self.owner.clone(), |table| table.table.clone());
            let problem = Problem::new("aggregate_here", slot(), wrong);
            problems.push(problem.help(format!("write a query: `(select {shown} from {table})`")));
            return None;
        }
        if let Some(outer) = self.only_around(arguments) {
            let message = format!("the aggregate `{word}` is of rows of this query, and names only a column of `{outer}`");
            problems.push(Problem::new("aggregate_here", slot(), message).help("use a column of a table of this query"));
            return None;
        }
        if let ([argument], Some(family)) = (arguments, known.first().and_then(Inferred::operand_family)) {
            if !typing::takes(function, &family) {
                let cast = if family == Family::Boolean { Type::Integer } else { Type::Text };
                let cast = Expr::Cast { operand: Box::new(argument.clone()), to: cast };
                let sums = matches!(function, Aggregate::Sum | Aggregate::Avg) && family != Family::Boolean;
                let help = if sums { "write a number".to_owned() } else { format!("write `{word}({cast})`") };
                let message = format!("`{word}` is not defined for {family}");
                problems.push(Problem::new("argument_type", slot(), message).help(help));
                return None;
            }
            if matches!(function, Aggregate::Max | Aggregate::Min) {
                self.sorted(argument, Some(&family), (word, slot()), problems);
            }
        }
        Some(known)
    }

    /// The table around the query of which alone an aggregate names columns: in SQL it is then one of the query around.
    fn only_around<'e>(&self, arguments: &'e [Expr]) -> Option<&'e Name> {
        let frame = self.frame?;
        let named: Vec<&Name> = arguments.iter().flat_map(Expr::tables_named).collect();
        if named.iter().any(|table| frame.has(table)) {
            return None;
        }
        named.first().copied().filter(|table| frame.table(table).is_some())
    }

    /// Rule `enum_order`, for what sorts.
    pub(super) fn sorted(&self, value: &Expr, family: Option<&Family>, (word, slot): (&str, Slot), problems: &mut Problems) {
        let Some(Family::Enum(of)) = family else { return };
        let Some(database) = where_true(self.schema, |features| !features.enums) else { return };
        let message = format!("`{word}` of values of `{}` is not supported on {database}", of.name);
        let arms: String = of.values.iter().enumerate().map(|(place, of)| format!(" when {of:?} then {}", place + 1)).collect();
        let problem = Problem::new("enum_order", slot, message).help(format!("write `case {value}{arms} end` for their order"));
        problems.push(problem.note(format!("an enum is text on {database}")));
    }
}

/// The tables of a frame itself that have a column of this name.
fn holders<'f, 'a>(frame: &'f Frame<'a>, column: &str) -> Vec<&'f Visible<'a>> {
    frame.tables.iter().filter(|table| table.body.is_some_and(|body| body.column(column).is_some())).collect()
}

/// What to write for a column of a table around the query.
fn outer(frame: &Frame<'_>, column: &str) -> Option<String> {
    let outer = frame.outer?;
    match holders(outer, column).first() {
        Some(table) => Some(format!("write `{}` for the column of `{}`", with_table(table, column), WrittenTable(&table.name()))),
        None => self::outer(outer, column),
    }
}

fn near(frame: &Frame<'_>, column: &str) -> Option<Help> {
    let columns = frame.tables.iter().filter_map(|table| table.body).flat_map(|body| &body.columns);
    did_you_mean(column, columns.map(|column| column.name.as_str()))
}

/// Every table that can be named, the nearest first.
pub(super) fn all<'f, 'a>(frame: Option<&'f Frame<'a>>) -> Vec<&'f Visible<'a>> {
    frame.into_iter().flat_map(|frame| frame.tables.iter().chain(all(frame.outer))).collect()
}
