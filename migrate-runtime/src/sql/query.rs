//! A statement of our own with its values: bound when it is executed, written out when it goes into a script.

use super::dialect::LedgerDialect;

/// A value for a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// A text, or null.
    Text(Option<String>),
    /// A number.
    Integer(i64),
    /// An expression of the database, never a value from outside: the time, the session's user.
    Expression(&'static str),
}

impl Parameter {
    /// A duration in milliseconds.
    pub fn milliseconds(duration: std::time::Duration) -> Parameter {
        Parameter::Integer(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    }
}

impl From<&str> for Parameter {
    fn from(text: &str) -> Parameter {
        Parameter::Text(Some(text.to_owned()))
    }
}

impl From<String> for Parameter {
    fn from(text: String) -> Parameter {
        Parameter::Text(Some(text))
    }
}

/// SQL with places for values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Query {
    /// What is before the first value, between each two, and after the last.
    parts: Vec<String>,
    values: Vec<Parameter>,
}

/// SQL with `$1`, `$2`, …, and their values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bound<'q> {
    pub sql: String,
    pub values: Vec<&'q Parameter>,
}

impl Query {
    /// SQL with `{}` where the values go.
    pub fn new(template: impl AsRef<str>, values: impl IntoIterator<Item = Parameter>) -> Query {
        Query { parts: template.as_ref().split("{}").map(str::to_owned).collect(), values: values.into_iter().collect() }
    }

    /// SQL with one value, whatever else is in its text.
    pub fn around(before: &str, value: Parameter, after: &str) -> Query {
        Query { parts: vec![before.to_owned(), after.to_owned()], values: vec![value] }
    }

    /// For the executor.
    pub fn bind(&self) -> Bound<'_> {
        let mut values = Vec::new();
        let sql = self.fill(|value| match value {
            Parameter::Expression(sql) => (*sql).to_owned(),
            Parameter::Text(_) | Parameter::Integer(_) => {
                values.push(value);
                format!("${}", values.len())
            }
        });
        Bound { sql, values }
    }

    /// For a script.
    pub fn write_out(&self, dialect: &dyn LedgerDialect) -> String {
        self.fill(|value| match value {
            Parameter::Expression(sql) => (*sql).to_owned(),
            Parameter::Integer(number) => number.to_string(),
            Parameter::Text(None) => "NULL".to_owned(),
            Parameter::Text(Some(text)) => dialect.literal(text),
        })
    }

    fn fill<'q>(&'q self, mut write: impl FnMut(&'q Parameter) -> String) -> String {
        let mut parts = self.parts.iter();
        let mut sql = parts.next().cloned().unwrap_or_default();
        for (part, value) in parts.zip(&self.values) {
            sql.push_str(&write(value));
            sql.push_str(part);
        }
        sql
    }
}

/// A name in double quotes.
pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sql::{PostgresDialect, SqliteDialect};

    #[test]
    fn the_same_query_is_bound_or_written_out() {
        let values = [Parameter::from("it's"), Parameter::Expression("now()"), Parameter::Integer(7), Parameter::Text(None)];
        let query = Query::new("INSERT INTO t VALUES ({}, {}, {}, {})", values);
        assert_eq!(query.bind().sql, "INSERT INTO t VALUES ($1, now(), $2, $3)");
        assert_eq!(query.bind().values.len(), 3);
        assert_eq!(query.write_out(&SqliteDialect), "INSERT INTO t VALUES ('it''s', now(), 7, NULL)");
    }

    #[test]
    fn a_value_that_looks_like_a_placeholder_stays_a_value() {
        let query = Query::new("SELECT {}, {}", [Parameter::from("{}"), Parameter::from("$2")]);
        assert_eq!(query.write_out(&PostgresDialect), "SELECT '{}', '$2'");
    }

    #[test]
    fn a_backslash_means_itself_whatever_the_server_is_set_to() {
        assert_eq!(PostgresDialect.literal(r"a\b'c"), r"E'a\\b''c'");
        assert_eq!(SqliteDialect.literal(r"a\b"), r"'a\b'");
    }
}
