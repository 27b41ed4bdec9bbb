//! What must hold of statements about rows.

use std::collections::BTreeMap;

use super::expr::{self, Owner};
use crate::expr::{Expr, Unary};
use crate::name::{Name, Written, WrittenList};
use crate::operation::resolve;
use crate::problem::{Node, Problem, Problems, Role, Slot};
use crate::rows::{Assignment, Given, KeyConflict, NewRows, NewValues, QueriedRows, Which};
use crate::schema::{Column, CounterKind, Rule, Schema, Table, Timing};
use crate::sql::registry::where_true;
use crate::types::Type;

/// Checks new rows: the rules of their columns and values, and `value_count`, `missing_value`, `duplicate_row`, `conflict_deferrable`.
pub fn insert(schema: &Schema, insert: &NewRows<'_>, body: &Table, problems: &mut Problems) {
    let NewRows { table, columns, rows, conflict } = *insert;
    let found: Vec<Option<&Column>> = named(table, body, columns, problems);
    if columns.is_empty() {
        let few = |columns: &[String]| (rows.len() < 4).then(|| NewRows { columns, ..*insert }.to_string());
        let given = rows.first().map(|row| row.iter().map(Given::value).collect::<Vec<_>>());
        without_columns((table, &given.unwrap_or_default()), body, &few, problems);
        return;
    }
    if !counted(insert, problems) {
        return;
    }
    let (mut place, mut defaults) = (0, 0);
    for row in rows {
        for (given, column) in row.iter().zip(&found) {
            let owner = Owner::of(schema, table, body);
            if let Some(column) = column {
                let known = problems.len();
                self::given(owner, column, (given, expr::Over::NewRow), (place, defaults), problems);
                if let (Some(value), true) = (given.value(), problems.len() == known) {
                    expr::never_null(owner, column, (place, value), None, problems);
                }
            }
            match given {
                Given::Value(_) => place += 1,
                Given::Default => defaults += 1,
            }
        }
    }
    missing((table, columns), body, problems);
    repeated(insert, body, problems);
    if conflict == KeyConflict::Skips {
        deferrable(table, body, problems);
    }
}

/// Checks rows that a query gives: the rules of their columns and of the query, and `value_count`, `missing_value`, `value_generated`,
/// `conflict_deferrable`.
pub fn insert_query(schema: &Schema, insert: QueriedRows<'_>, body: &Table, problems: &mut Problems) {
    let QueriedRows { table, columns, query, conflict } = insert;
    let found: Vec<Option<&Column>> = named(table, body, columns, problems);
    if columns.is_empty() {
        let named = |columns: &[String]| Some(QueriedRows { columns, ..insert }.to_string());
        without_columns((table, &vec![None; query.values.len()]), body, &named, problems);
        return;
    }
    if query.values.len() != columns.len() {
        let (values, columns) = (count(query.values.len(), "value"), count(columns.len(), "column"));
        let message = format!("the query returns {values}, and the statement names {columns}");
        let problem = Problem::new("value_count", Slot::new(Role::Query, "select"), message);
        problems.push(problem.help(format!("write a value for each of ({})", WrittenList(insert.columns))));
        return;
    }
    for (value, column) in query.values.iter().zip(&found).filter_map(|(value, column)| Some((value, (*column)?))) {
        if column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Always) {
            let message = format!("`{}` is `identity always`, so only the database gives it a value", Written(&column.name));
            let problem = Problem::new("value_generated", Slot::new(Role::Column, &column.name), message);
            problems.push(problem.help(format!("remove it, and `{value}` from the query")));
        }
    }
    expr::inserted(schema, (table, &found), query, problems);
    missing((table, columns), body, problems);
    if conflict == KeyConflict::Skips {
        deferrable(table, body, problems);
    }
}

/// "1 value", "2 columns"
fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Checks new values of rows: the rules of their columns and values, and those of the condition.
pub fn update(schema: &Schema, update: NewValues<'_>, body: &Table, problems: &mut Problems) {
    let NewValues { table: name, sets, from, which } = update;
    let columns: Vec<String> = sets.iter().map(|set| set.column.clone()).collect();
    let found = named(name, body, &columns, problems);
    let owner = Owner { beside: from, ..Owner::of(schema, name, body) };
    let (mut place, mut defaults) = (0, 0);
    for (set, column) in sets.iter().zip(found) {
        if let Some(column) = column {
            let known = problems.len();
            given(owner, column, (&set.value, expr::Over::Row), (place, defaults), problems);
            if let (Some(value), true) = (set.value.value(), problems.len() == known) {
                expr::never_null(owner, column, (place, value), which.condition(), problems);
            }
        }
        match &set.value {
            Given::Value(_) => place += 1,
            Given::Default => defaults += 1,
        }
    }
    let is_same = |set: &Assignment| set.value.value() == Some(&Expr::column(&set.column));
    for set in sets.iter().filter(|set| is_same(set)) {
        let why = format!("`{}` gets the value that it has", Written(&set.column));
        resolve::changes_nothing(Role::Column, &set.column, why, problems);
    }
    self::which(owner, (place, which), problems);
    if let Some(from) = from {
        expr::one_beside(owner, from, which.condition(), problems);
    }
}

/// Checks the condition of the rows.
pub fn which(owner: Owner<'_>, (place, which): (usize, &Which), problems: &mut Problems) {
    if let Some(condition) = which.condition() {
        expr::condition(&owner, (place, condition), problems);
    }
}

/// Rule `truncate_referenced`: PostgreSQL does not truncate a table that a foreign key refers to, whether it has rows or not.
pub fn truncate(schema: &Schema, table: &Name, problems: &mut Problems) {
    let Some(database) = where_true(schema, |features| features.truncates) else { return };
    let Some((owner, constraint, _)) = schema.incoming(table).find(|(owner, ..)| *owner != table) else { return };
    let message = format!("{database} does not truncate `{table}`, to which a foreign key refers");
    let problem = Problem::new("truncate_referenced", Slot::new(Role::Table, table.to_string()), message);
    let note = format!("the foreign key is `{}` of `{owner}`", Written(constraint.name()));
    problems.push(problem.help(format!("write `delete from {table}`")).note(note));
}

/// Rule `missing_columns`: which values belong to which columns does not follow from the order that the table happens to have.
fn without_columns(
    (table, given): (&Name, &[Option<&Expr>]),
    body: &Table,
    write: &dyn Fn(&[String]) -> Option<String>,
    problems: &mut Problems,
) {
    let columns: Vec<String> = meant(body, given).iter().map(|column| column.name.clone()).collect();
    let message = format!("`insert` requires a list of columns of `{table}`");
    let problem = Problem::new("missing_columns", Slot::new(Role::Table, table.to_string()), message);
    let help = write(&columns).map(|statement| format!("write `{statement};`"));
    problems.push(problem.help_if(help).help("name them in parentheses after the table"));
}

/// The columns that the values are most likely for: each takes its value, and those that are left out need none. The first columns where
/// there is no such list.
fn meant<'t>(body: &'t Table, given: &[Option<&Expr>]) -> Vec<&'t Column> {
    let columns: Vec<&Column> = body.columns.iter().filter(|column| column.kept.is_none()).collect();
    let fits = |value: usize, column: usize| given[value].is_none_or(|value| expr::fits(value, &columns[column].ty));
    // From the end: whether the values from one on can be those of the columns from one on.
    let mut can = vec![vec![false; columns.len() + 1]; given.len() + 1];
    for value in (0..=given.len()).rev() {
        for column in (0..=columns.len()).rev() {
            can[value][column] = match columns.get(column) {
                None => value == given.len(),
                Some(next) => {
                    let takes = value < given.len() && can[value + 1][column + 1] && fits(value, column);
                    takes || !next.is_required() && can[value][column + 1]
                }
            };
        }
    }
    if !can[0][0] {
        return columns.into_iter().take(given.len()).collect();
    }
    let (mut found, mut value) = (Vec::new(), 0);
    for (place, column) in columns.iter().enumerate() {
        // A column that the database numbers is left out where it can be.
        let is_left_out = !column.is_required() && can[value][place + 1] && (column.counter.is_some() || value == given.len());
        let takes = value < given.len() && can[value + 1][place + 1] && fits(value, place);
        if takes && !is_left_out {
            found.push(*column);
            value += 1;
        }
    }
    found
}

/// The columns that are named, each once. Rules `unknown_column` and `column_twice`.
pub(super) fn named<'t>(table: &Name, body: &'t Table, columns: &[String], problems: &mut Problems) -> Vec<Option<&'t Column>> {
    for (place, column) in columns.iter().enumerate() {
        let nth = columns[..place].iter().filter(|other| *other == column).count();
        if nth == 1 {
            let message = format!("duplicate column `{}`", Written(column));
            let slot = Slot::new(Role::Column, column).nth(nth);
            problems.push(Problem::new("column_twice", slot, message).help("remove one of the two"));
        }
    }
    columns.iter().map(|column| resolve::column(table, body, column, Role::Column, problems)).collect()
}

/// Rule `value_count`: a row has a value for each column.
fn counted(insert: &NewRows<'_>, problems: &mut Problems) -> bool {
    let NewRows { columns, rows, .. } = *insert;
    let Some((place, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != columns.len()) else { return true };
    let message =
        format!("this row has {}, and the statement names {}", count(row.len(), "value"), count(columns.len(), "column"));
    let problem = Problem::new("value_count", Slot::new(Role::Word, row_word(place)), message);
    problems.push(problem.help(format!("write a value for each of ({})", WrittenList(columns))));
    false
}

/// What the parser calls a row.
pub fn row_word(place: usize) -> String {
    format!("row {place}")
}

/// Rules `value_generated`, `value_null`, and those of an expression.
fn given(
    owner: Owner<'_>,
    column: &Column,
    (given, over): (&Given, expr::Over),
    (place, defaults): (usize, usize),
    problems: &mut Problems,
) {
    let shown = Written(&column.name);
    match given {
        Given::Value(value) if column.counter.as_ref().is_some_and(|counter| counter.kind == CounterKind::Always) => {
            let message = format!("`{shown}` is `identity always`, so only the database gives it a value");
            let problem = Problem { node: node(place), ..Problem::new("value_generated", slot(value), message) };
            problems.push(problem.help("write `default`"));
        }
        Given::Value(Expr::Null) if !column.nullable => {
            let message = format!("`{shown}` is `not null`, so it cannot be set to null");
            let problem = Problem { node: node(place), ..Problem::new("value_null", slot(&Expr::Null), message) };
            problems.push(problem.help(format!("write a value of type `{}`", column.ty)));
        }
        Given::Value(value) => expr::assigned(owner, column, (place, value), over, problems),
        Given::Default if column.is_required() => {
            let message = format!("`{shown}` is `not null` and has no default");
            let problem = Problem::new("value_null", Slot::new(Role::Default, "default").nth(defaults), message);
            problems.push(problem.help(format!("write a value of type `{}`", column.ty)));
        }
        Given::Default => {}
    }
}

/// The word of a whole value.
fn slot(value: &Expr) -> Slot {
    Slot::new(Role::Expression, value.to_string())
}

fn node(expression: usize) -> Option<Node> {
    Some(Node { expression, place: 0 })
}

/// Rule `missing_value`: a column that must have a value, and has no default and no generated value, is given one.
pub(super) fn missing((table, columns): (&Name, &[String]), body: &Table, problems: &mut Problems) {
    let missing: Vec<&Column> =
        body.columns.iter().filter(|column| column.is_required() && !columns.contains(&column.name)).collect();
    for column in missing {
        let shown = Written(&column.name);
        let message = format!("`{shown}` is `not null` and has no default, and the new rows have no value for it");
        let problem = Problem::new("missing_value", Slot::new(Role::Table, table.to_string()), message);
        problems.push(problem.help(format!("add `{shown}` to the columns, with a value of type `{}` in each row", column.ty)));
    }
}

/// Rule `duplicate_row`: no two rows of a statement have the same key.
fn repeated(insert: &NewRows<'_>, body: &Table, problems: &mut Problems) {
    let of_indexes = indexes(body);
    let keys = body.constraints.iter().map(|constraint| constraint.rule.key_columns());
    for key in keys.chain(of_indexes.iter().map(Vec::as_slice)) {
        let places: Option<Vec<usize>> = key.iter().map(|name| insert.columns.iter().position(|column| column == name)).collect();
        let (Some(places), false) = (places, key.is_empty()) else { continue };
        let types: Option<Vec<&Type>> = key.iter().map(|name| Some(&body.column(name)?.ty)).collect();
        let Some(types) = types else { continue };
        let mut known: BTreeMap<Vec<String>, usize> = BTreeMap::new();
        let mut expression = 0;
        for row in insert.rows {
            let values: Option<Vec<String>> =
                places.iter().zip(&types).map(|(place, ty)| same(row.get(*place)?.value()?, ty)).collect();
            if let Some(values) = values
                && known.insert(values.clone(), expression).is_some()
            {
                duplicate(insert, (key, &places), (row, expression), problems);
                return;
            }
            expression += row.iter().filter(|given| given.value().is_some()).count();
        }
    }
}

/// The keys that indexes make.
fn indexes(body: &Table) -> Vec<Vec<String>> {
    let whole = body.indexes.iter().filter(|index| index.unique && index.filter.is_none());
    whole.map(|index| index.plain_columns()).collect()
}

fn duplicate(
    insert: &NewRows<'_>,
    (key, places): (&[String], &[usize]),
    (row, first): (&[Given], usize),
    problems: &mut Problems,
) {
    let Some(place) = places.first() else { return };
    let before = row.iter().take(*place).filter(|given| given.value().is_some()).count();
    let Some(value) = row.get(*place).and_then(Given::value) else { return };
    let message = format!("an earlier row of the statement has the same `({})`, a key of `{}`", WrittenList(key), insert.table);
    let problem = Problem { node: node(first + before), ..Problem::new("duplicate_row", slot(value), message) };
    problems.push(problem.help("remove one of the two rows"));
}

/// A literal in a form that is equal for equal values; `None` where nothing is known, and for null, which equals nothing.
fn same(value: &Expr, ty: &Type) -> Option<String> {
    if let Expr::Text(text) = value
        && *ty == Type::Uuid
    {
        return Some(text.to_lowercase().replace('-', ""));
    }
    if let Expr::Text(text) = value
        && matches!(ty, Type::Char(_))
    {
        return Some(text.trim_end_matches(' ').to_owned());
    }
    let number = if let Expr::Unary { operator: Unary::Minus, operand } = value {
        operand.digits().map(plain).map(negated)
    } else {
        value.digits().map(plain)
    };
    number.or_else(|| is_literal(value).then(|| value.to_string()))
}

/// A number without what it can be written without: `007.50` is `7.5`.
fn plain(digits: &str) -> String {
    let digits = digits.replace('_', "");
    let plain = digits.trim_start_matches('0');
    let is_exact = plain.contains('.') && !plain.contains(['e', 'E']);
    if is_exact { plain.trim_end_matches('0').trim_end_matches('.').to_owned() } else { plain.to_owned() }
}

/// There is one zero.
fn negated(plain: String) -> String {
    if plain.is_empty() { plain } else { format!("-{plain}") }
}

fn is_literal(value: &Expr) -> bool {
    matches!(value, Expr::Text(_) | Expr::Bytes(_) | Expr::Bool(_))
}

/// Rule `conflict_deferrable`: a key that is checked at the end of the transaction is in no statement's way.
pub(super) fn deferrable(table: &Name, body: &Table, problems: &mut Problems) {
    let is_key = |rule: &Rule| !rule.key_columns().is_empty();
    let late = body.constraints.iter().find(|one| one.timing != Timing::Immediate && is_key(&one.rule));
    if let Some(constraint) = late {
        let name = Written(constraint.name());
        let message = format!("`on conflict` is not supported here: the key `{name}` of `{table}` is deferrable");
        let problem = Problem::new("conflict_deferrable", Slot::new(Role::Word, "on conflict"), message);
        problems.push(problem.help("remove it"));
    }
}
