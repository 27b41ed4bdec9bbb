//! What must hold of a query.

use super::names::all;
use super::nulls;
use super::rows::{self, Groups};
use super::scope::{Aggregates, Bare, ExprScope, QueryUse};
use crate::expr::{Duplicates, Expr, FromTable, Order, Select};
use crate::name::{Name, Written};
use crate::operation::resolve;
use crate::problem::{Problem, Problems, Role, Slot};
use crate::sql::registry::where_true;
use crate::typing::{self, Frame, Inferred, Visible};

/// The place of a query.
fn slot() -> Slot {
    Slot::new(Role::Query, "select")
}

impl ExprScope<'_> {
    /// Reports what is wrong with a query; what is known of the values that it gives.
    pub(super) fn query(&self, query: &Select, purpose: QueryUse, problems: &mut Problems) -> Vec<Inferred> {
        let known = problems.len();
        for from in &query.from {
            resolve::table(self.schema, &from.table, Role::From, problems);
        }
        self.table_twice(query, problems);
        let frame = Frame::within(query, Some(self.schema.tables().into()), self.frame);
        self.joins(query, &frame, problems);
        let rows = self.inside(&frame, Aggregates::Refused("where"));
        query.filter.iter().for_each(|filter| rows.condition(filter, problems));
        let groups = self.inside(&frame, Aggregates::Refused("group by"));
        for group in &query.groups {
            groups.infer(group, problems);
            position(group, "group by", problems);
        }
        let all = self.inside(&frame, Aggregates::Allowed);
        query.having.iter().for_each(|having| all.condition(having, problems));
        let values = query.values.iter().map(|value| all.infer(value, problems)).collect();
        for order in &query.order {
            let inferred = all.infer(&order.value, problems);
            position(&order.value, "order by", problems);
            all.sorted(&order.value, inferred.family().as_ref(), ("order by", slot()), problems);
        }
        if problems.len() == known {
            self.rows(query, &frame, purpose, problems);
        }
        values
    }

    /// Where the expressions of a query are.
    fn inside<'f>(&'f self, frame: &'f Frame<'f>, aggregates: Aggregates) -> ExprScope<'f> {
        let ExprScope { schema, owner, root, expression, .. } = self;
        ExprScope {
            schema,
            owner,
            bare: Bare::OfQuery,
            sequence: None,
            root,
            expression: *expression,
            frame: Some(frame),
            aggregates,
        }
    }

    /// Rule `table_twice`: two tables have one name, in the query or around it. Where case does not count in names, `u` may be `U`.
    fn table_twice(&self, query: &Select, problems: &mut Problems) {
        let folds = where_true(self.schema, |features| features.names_fold_case).is_some();
        let is_other_case = |one: &Name, other: &Name| folds && *one != *other && one.name.eq_ignore_ascii_case(&other.name);
        let around: Vec<Name> = all(self.frame).into_iter().map(Visible::name).collect();
        for (place, from) in query.from.iter().enumerate() {
            let name = from.name();
            let is_same = |other: &FromTable| {
                other.is_called(&name) || from.is_called(&other.name()) || is_other_case(&name, &other.name())
            };
            let is_twice = query.from[..place].iter().any(is_same);
            if is_twice || around.iter().any(|other| is_other_case(&name, other)) {
                let message = format!("duplicate table `{name}` in the query");
                let other = format!("{}_2", name.name);
                let help = format!("add an alias: `{} as {}`", from.table, Written(&other));
                let slot = Slot::new(Role::From, name.to_string()).nth(usize::from(is_twice));
                problems.push(Problem::new("table_twice", slot, message).help(help));
            }
        }
    }

    /// The condition of a join is about its table and those before it.
    fn joins(&self, query: &Select, frame: &Frame<'_>, problems: &mut Problems) {
        for (place, from) in query.from.iter().enumerate() {
            let before = Frame { tables: frame.tables[..=place].to_vec(), outer: frame.outer };
            let scope = self.inside(&before, Aggregates::Refused("on"));
            from.join.condition().into_iter().for_each(|condition| scope.condition(condition, problems));
        }
    }

    /// The rules of which rows a query has, once its words are right.
    fn rows(&self, query: &Select, frame: &Frame<'_>, purpose: QueryUse, problems: &mut Problems) {
        self.not_grouped(query, frame, problems);
        distinct_order(query, problems);
        let is_one = rows::is_one(query, frame, self.typed().inside(frame));
        if purpose != QueryUse::Exists && !is_one {
            limit_without_order(query, frame, problems);
        }
        if purpose == QueryUse::Value {
            one_value(query, problems);
            if !is_one && query.limit.is_none_or(|rows| rows > 1) {
                several_rows(query, frame, self, problems);
            }
        }
    }

    /// Rule `not_grouped`: of the rows of a group any value would be the group's.
    fn not_grouped(&self, query: &Select, frame: &Frame<'_>, problems: &mut Problems) {
        let Some(grouping) = Groups::of(query, frame) else { return };
        let order = query.order.iter().map(|order| &order.value);
        let found = query.values.iter().chain(&query.having).chain(order).find_map(|value| grouping.ungrouped(value));
        let Some((value, column)) = found else { return };
        let message = format!("`{value}` is neither in `group by` nor in an aggregate");
        let groups: Vec<String> = query.groups.iter().chain([value]).map(Expr::to_string).collect();
        let known = problems.len();
        let problem = Problem::new("not_grouped", Slot::new(Role::Use, column), message);
        problems.push(problem.help(format!("write `max({value})`, or `group by {}`", groups.join(", "))));
        problems.place_since(known, || self.node(value));
    }

    /// Rules `operand_type` and `row_arity`: what is looked for is what the query gives.
    pub(super) fn in_query(&self, operand: &Expr, query: &Select, problems: &mut Problems) {
        let given = self.query(query, QueryUse::Rows, problems);
        let operands = if let Expr::Row(row) = operand { row.iter().collect() } else { vec![operand] };
        if operands.len() != given.len() {
            operands.iter().for_each(|operand| drop(self.infer(operand, problems)));
            let message = format!("`{operand}` has {}, and the query returns {}", count(operands.len()), given.len());
            let problem = Problem::new("row_arity", Slot::new(Role::Operator, "in"), message);
            problems.push(problem.help(format!("write a query that returns {}", count(operands.len()))));
            return;
        }
        for (operand, (value, its)) in operands.iter().zip(query.values.iter().zip(&given)) {
            let own = self.infer(operand, problems);
            self.beside((operand, &own), (value, &typing::selected(its)), "in", problems);
        }
    }

    /// Rule `not_in_null`: `not in` is null, and never true, as soon as one of the values is null.
    pub(super) fn not_in_null(&self, operand: &Expr, query: &Select, problems: &mut Problems) {
        let frame = Frame::within(query, Some(self.schema.tables().into()), self.frame);
        let Some(null) = nulls::of_query(query, self.typed().inside(&frame)).into_iter().next() else { return };
        let present = Expr::IsNull { operand: Box::new(null.clone()), negated: true };
        let fixed = if null.has_aggregate() { None } else { Some(with_condition(query, present)) };
        let message = format!("`not in` matches no row where the query returns null, as `{null}` may be");
        let problem = Problem::new("not_in_null", Slot::new(Role::Operator, "in"), message);
        let help = fixed.map(|query| format!("write `{operand} not in ({query})`"));
        problems.push(problem.help_if(help).help(format!(
            "use `not exists (select 1 from … where …)`, or `coalesce({null}, …)` with a value that cannot occur"
        )));
    }
}

/// "1 value", "2 values"
fn count(values: usize) -> String {
    if values == 1 { "1 value".to_owned() } else { format!("{values} values") }
}

/// The same query of the rows for which this holds too.
fn with_condition(query: &Select, condition: Expr) -> Select {
    let both = |filter| Expr::binary(filter, crate::expr::Binary::And, condition.clone());
    Select { filter: Some(query.filter.clone().map_or(condition.clone(), both)), ..query.clone() }
}

/// Rule `by_position`: a literal in `order by` is the place of a column in SQL.
fn position(value: &Expr, clause: &str, problems: &mut Problems) {
    if matches!(value, Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_)) {
        let message = format!("`{clause} {value}` does not name a column");
        problems.push(Problem::new("by_position", slot(), message).help(format!("write a column after `{clause}`")));
    }
}

/// Rule `distinct_order`: rows that are one have no order among them.
fn distinct_order(query: &Select, problems: &mut Problems) {
    let is_missing = |order: &&Order| !query.values.contains(&order.value);
    if let (Duplicates::Dropped, Some(order)) = (query.duplicates, query.order.iter().find(is_missing)) {
        let message = format!("`select distinct` cannot be ordered by `{}`, which is not selected", order.value);
        problems.push(Problem::new("distinct_order", slot(), message).help("order by what is selected"));
    }
}

/// Rule `limit_without_order`: which rows are the first is not said.
fn limit_without_order(query: &Select, frame: &Frame<'_>, problems: &mut Problems) {
    let Some(rows) = query.limit.filter(|rows| *rows > 0 && query.order.is_empty()) else { return };
    let table = frame.tables.first();
    let key = table.and_then(|table| Some((table.name(), table.body?.primary_key().first()?.clone())));
    let by = key.map(|(table, column)| Expr::Qualified { table, column }).filter(|_| query.groups.is_empty());
    let by = by.or_else(|| query.groups.first().cloned()).or_else(|| query.values.first().cloned());
    let message = format!("`limit {rows}` without `order by` returns arbitrary rows");
    let problem = Problem::new("limit_without_order", slot(), message);
    problems.push(problem.help_if(by.map(|by| format!("use `order by {by} limit {rows}`, or other columns"))));
}

/// Rule `one_value`: a query in an expression is one value.
fn one_value(query: &Select, problems: &mut Problems) {
    if query.values.len() > 1 {
        let message = format!("the query returns {}, where one is expected", count(query.values.len()));
        let one = query.values.first().map(|value| Select { values: vec![value.clone()], ..query.clone() });
        let problem = Problem::new("one_value", slot(), message);
        problems.push(problem.help_if(one.map(|one| format!("write `({one})`"))));
    }
}

/// Rule `several_rows`: a query that is one value has at most one row.
fn several_rows(query: &Select, frame: &Frame<'_>, scope: &ExprScope<'_>, problems: &mut Problems) {
    let keys = frame.tables.iter().find_map(|table| Some((table.name(), table.body?.primary_key())));
    let key = keys.filter(|(_, columns)| !columns.is_empty()).map(|(table, columns)| {
        let columns = columns.iter().map(|column| Expr::Qualified { table: table.clone(), column: column.clone() }.to_string());
        format!("compare a key in `where`: `{}`", columns.collect::<Vec<_>>().join("`, `"))
    });
    let value = query.values.first();
    let has_max = |value: &&Expr| {
        let family = typing::infer(value, scope.typed().inside(frame)).by_itself().family();
        family.is_some_and(|family| typing::takes(crate::expr::Aggregate::Max, &family))
    };
    let one = value.filter(|_| query.groups.is_empty()).filter(has_max).map(|value| {
        let function = crate::expr::Aggregate::Max;
        let values = vec![Expr::Aggregate { function, arguments: vec![value.clone()], duplicates: Duplicates::Kept }];
        format!("write `({})`", Select { values, duplicates: Duplicates::Kept, order: Vec::new(), limit: None, ..query.clone() })
    });
    let help: Vec<String> = one.into_iter().chain(key).collect();
    let problem = Problem::new("several_rows", slot(), "the query may return several rows, where one value is expected");
    problems.push(problem.help_if((!help.is_empty()).then(|| help.join(", or "))).help("use `order by … limit 1`"));
}
