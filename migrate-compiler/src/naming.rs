//! The names that PostgreSQL gives to what has none, on every database, so that it can be dropped by name later.
//!
//! Source: PostgreSQL 15, `src/backend/commands/indexcmds.c` (`ChooseIndexName`, `ChooseIndexColumnNames`), `tablecmds.c`
//! (`ChooseForeignKeyConstraintNameAddition`), `pg_constraint.c` (`ChooseConstraintName`) and `makeObjectName`.

use migrate_history::{UNNUMBERED, digest};

use crate::expr::{CurrentValue, Expr};
use crate::name::Name;
use crate::schema::{Constraint, Index, Rule, Schema, Table};

/// The longest name that PostgreSQL keeps, in bytes.
pub const LONGEST: usize = 63;

/// Names every unnamed constraint of a table, as if they were made in this order.
pub fn name_constraints(schema: &Schema, table: &Name, constraints: &mut [Constraint]) {
    let mut taken: Vec<String> = constraints.iter().filter_map(|constraint| constraint.name.clone()).collect();
    for constraint in constraints.iter_mut().filter(|constraint| constraint.name.is_none()) {
        let name = constraint_name(schema, table, &constraint.rule, &taken);
        taken.push(name.clone());
        constraint.name = Some(name);
    }
}

/// The name of an unnamed index.
pub fn index_name(schema: &Schema, table: &Name, index: &Index) -> String {
    let keys: Vec<String> = index.keys.iter().map(|key| expression_word(&key.value)).collect();
    let words = keys.iter().map(String::as_str).chain(index.include.iter().map(String::as_str)).collect::<Vec<_>>();
    free(schema, table, Some(&additions(&distinct(&words))), "idx", &[])
}

/// The name of the sequence of a column.
pub fn sequence_name(schema: &Schema, table: &Name, column: &str) -> String {
    free(schema, table, Some(column), "seq", &[])
}

/// The name of the sequence of a column where nothing else has it.
pub fn plain_sequence_name(table: &str, column: &str) -> String {
    object_name(table, Some(column), "seq")
}

fn constraint_name(schema: &Schema, table: &Name, rule: &Rule, taken: &[String]) -> String {
    let words = |columns: &[String]| additions(&distinct(&columns.iter().map(String::as_str).collect::<Vec<_>>()));
    match rule {
        Rule::PrimaryKey { .. } => free(schema, table, None, "pkey", taken),
        Rule::Unique { columns, .. } => free(schema, table, Some(&words(columns)), "key", taken),
        Rule::ForeignKey(key) => {
            let columns: Vec<&str> = key.columns.iter().map(String::as_str).collect();
            free(schema, table, Some(&additions(&columns)), "fkey", taken)
        }
        Rule::Check { condition } => {
            let columns = condition.columns();
            let only = if let [only] = columns.as_slice() { Some(*only) } else { None };
            free(schema, table, only, "check", taken)
        }
    }
}

/// The word for a key of an index: a column's name, a function's, or `expr`.
fn expression_word(key: &Expr) -> String {
    match key {
        Expr::Column(name) => name.clone(),
        Expr::Call { function, .. } => function.clone(),
        Expr::Cast { operand, .. } if matches!(**operand, Expr::Column(_) | Expr::Call { .. }) => expression_word(operand),
        Expr::Case { .. } => "case".to_owned(),
        Expr::Current(CurrentValue::Timestamp) => "current_timestamp".to_owned(),
        Expr::AtTimeZone { .. } => "timezone".to_owned(),
        Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => "expr".to_owned(),
        Expr::Current(_) | Expr::Nextval(_) | Expr::Cast { .. } | Expr::Unary { .. } | Expr::Binary { .. } => "expr".to_owned(),
        Expr::Array(_)
        | Expr::Row(_)
        | Expr::Is { .. }
        | Expr::IsNull { .. }
        | Expr::In { .. }
        | Expr::Between { .. }
        | Expr::Any { .. }
        | Expr::Qualified { .. }
        | Expr::Query(_)
        | Expr::Exists(_)
        | Expr::InQuery { .. }
        | Expr::Aggregate { .. }
        | Expr::Raw(_) => "expr".to_owned(),
    }
}

/// Numbers a word that is used already: `lower`, `lower1`.
fn distinct(words: &[&str]) -> Vec<String> {
    let mut known: Vec<String> = Vec::new();
    for word in words {
        let numbered = (1..).map(|number| format!("{word}{number}"));
        let free = std::iter::once((*word).to_owned()).chain(numbered).find(|name| !known.contains(name));
        known.extend(free);
    }
    known
}

/// The columns' names with `_` between, as far as a name can be long.
fn additions<T: AsRef<str>>(words: &[T]) -> String {
    let mut joined = String::new();
    for word in words {
        if joined.len() > LONGEST {
            break;
        }
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(word.as_ref());
    }
    joined
}

/// The first name of `label`, `label1`, `label2` … that nothing has.
fn free(schema: &Schema, table: &Name, second: Option<&str>, label: &str, taken: &[String]) -> String {
    let labels = std::iter::once(label.to_owned()).chain((1..).map(|number| format!("{label}{number}")));
    let names = labels.map(|label| object_name(&table.name, second, &label));
    let used = |name: &String| taken.contains(name) || is_used(schema, &table.sibling(name.as_str()));
    names.into_iter().find(|name| !used(name)).unwrap_or_default()
}

/// Whether a table, an index, a constraint or a sequence of the schema has this name.
pub fn is_used(schema: &Schema, name: &Name) -> bool {
    let uses = |table: &Table| {
        let sequences = table.columns.iter().filter_map(|column| column.counter.as_ref());
        table.index(&name.name).is_some()
            || table.constraint(&name.name).is_some()
            || sequences.into_iter().any(|counter| counter.sequence == name.name)
    };
    schema.tables().holders(name).any(|(table, body)| table == name || uses(body))
}

/// `first_second_label`, the longer of the first two shortened until it fits.
fn object_name(first: &str, second: Option<&str>, label: &str) -> String {
    let extra = label.len() + 1 + second.map_or(0, |_| 1);
    let (mut first_length, mut second_length) = (first.len(), second.map_or(0, str::len));
    while first_length + second_length + extra > LONGEST {
        if first_length > second_length { first_length -= 1 } else { second_length -= 1 }
    }
    let first = clip(first, first_length);
    match second {
        Some(second) => format!("{first}_{}_{label}", clip(second, second_length)),
        None => format!("{first}_{label}"),
    }
}

/// At most `length` bytes of a word, whole letters only.
fn clip(word: &str, length: usize) -> &str {
    let end = (0..=length.min(word.len())).rev().find(|end| word.is_char_boundary(*end));
    &word[..end.unwrap_or(0)]
}

/// What a name that is kept begins with.
pub const KEPT: &str = "_kept_";

/// The name under which something is kept: a migration does not know its own revision when it is compiled, so it is made of what it was
/// called and a number, which is 0 where the run that keeps it gives it another. One that would be too long ends with a digest of it instead.
pub fn kept_name(name: &str, number: u16) -> String {
    let prefix = match number {
        0 => UNNUMBERED.to_owned(),
        1 => KEPT.to_owned(),
        _ => format!("{KEPT}{number}_"),
    };
    if prefix.len() + name.len() <= LONGEST {
        return prefix + name;
    }
    let digest = digest(name);
    let ending = format!("_{}", clip(&digest, 8));
    let most = LONGEST - prefix.len() - ending.len();
    format!("{prefix}{}{ending}", clip(name, most))
}

/// The first name that is not in use: `PREFIX_NAME`, shortened until it fits, and a number where it is.
pub fn free_name(prefix: &str, name: &str, is_used: impl Fn(&str) -> bool) -> String {
    let endings = std::iter::once(String::new()).chain((1..).map(|number: usize| number.to_string()));
    let long = format!("{prefix}{name}");
    let mut named = endings.map(|ending| format!("{}{ending}", clip(&long, LONGEST - ending.len())));
    named.find(|name| !is_used(name)).unwrap_or_default()
}

/// The first number with which something is not in use.
pub fn free_number(is_used: impl Fn(u16) -> bool) -> u16 {
    (1..=u16::MAX).find(|number| !is_used(*number)).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_shortened_as_postgresql_does() {
        // What PostgreSQL 15 answers for a table of this name.
        let table = "a_very_long_table_name_that_goes_on_and_on_for_ever";
        assert_eq!(
            object_name(table, Some("some_long_column_name"), "fkey"),
            "a_very_long_table_name_that_goes_on__some_long_column_name_fkey"
        );
        assert_eq!(object_name("users", Some("email"), "key"), "users_email_key");
        assert_eq!(object_name("users", None, "pkey"), "users_pkey");
        assert!(object_name(&"x".repeat(80), None, "pkey").len() == LONGEST);
    }

    #[test]
    fn a_free_name_is_short_enough() {
        let long = "ü".repeat(40);
        let name = free_name("migrate_not_null_", &long, |_| false);
        assert!(name.len() <= LONGEST && name.starts_with("migrate_not_null_ü"), "{name}");
        assert_eq!(free_name("migrate_not_null_", "a", |name| name == "migrate_not_null_a"), "migrate_not_null_a1");
    }

    #[test]
    fn a_word_twice_is_numbered() {
        assert_eq!(distinct(&["lower", "id", "lower"]), ["lower", "id", "lower1"]);
    }

    #[test]
    fn a_name_is_short_enough_and_told_from_others() {
        assert_eq!(kept_name("legacy_code", 1), "_kept_legacy_code");
        assert_eq!(kept_name("legacy_code", 2), "_kept_2_legacy_code");
        let long = |ending: &str| kept_name(&format!("{}{ending}", "ü".repeat(30)), 1);
        assert!(long("a").len() <= LONGEST && long("a").starts_with("_kept_üü"), "{}", long("a"));
        assert_ne!(long("a"), long("b"));
        assert_eq!(kept_name(&"x".repeat(57), 1).len(), LONGEST);
    }
}
