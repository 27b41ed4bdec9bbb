//! Raw SQL, as far as it is read: the statements that cannot be in a step, and what is not closed.

mod alter;
mod danger;
mod finding;
mod reader;
pub(crate) mod refused;
mod rows;
mod statement;
mod weight;
pub(crate) use migrate_history::Database;
use migrate_history::sql::{SqlToken, TextEnd, tokens};

use crate::problem::{Problem, Role, Slot};
use crate::sql::registry::dialect;
pub(crate) use danger::{creates, dangers};
pub use finding::Danger;
pub(crate) use finding::RawDanger;
pub(crate) use reader::RawName;
pub(crate) use refused::Refused;
use statement::{Parentheses, statements};
pub(crate) use weight::{RawWeight, weight};

/// What is wrong with the SQL of a statement on a database: rules `raw_transaction`, `raw_concurrently`, `raw_copy`, `raw_outside`,
/// `raw_client` and `raw_unclosed`.
pub(crate) fn script(text: &str, database: Database) -> Option<Problem> {
    let (tokens, end) = tokens(text, database);
    let (statements, parentheses) = statements(&tokens);
    let rules = dialect(database).refused();
    let refused = statements.iter().find_map(|statement| rules.iter().find_map(|rule| rule.check(statement)));
    refused.map(|problem| Problem { slot: slot(text), ..problem }).or_else(|| unclosed(text, end, parentheses))
}

/// Whether a text may make the rows fit what it demands of them, by statements about rows or values of its own.
pub(crate) fn gives_values(text: &str, database: Database) -> bool {
    let (tokens, _) = tokens(text, database);
    statements(&tokens).0.iter().any(rows::gives_values)
}

/// What is wrong with the SQL of one expression: rules `raw_unclosed` and `raw_expression`. It becomes a part of a statement, in
/// parentheses.
pub(crate) fn expression(text: &str, database: Database) -> Option<Problem> {
    let (tokens, end) = tokens(text, database);
    let problem = |message: &str, help: &str| Some(Problem::new("raw_expression", slot(text), message).help(help));
    if tokens.contains(&SqlToken::Symbol(';')) {
        return problem("an expression cannot contain `;`", "use `sql \"…\" as { … };` for whole statements");
    }
    if tokens.is_empty() {
        return problem("the expression is empty", "write `sql(\"lower(email)\")`");
    }
    if end == TextEnd::LineComment {
        return problem("an expression cannot contain a `--` comment", "write `/* … */` for a comment");
    }
    unclosed(text, end, statements(&tokens).1)
}

/// What is wrong with the SQL of a question: rules `expect_query` and `raw_unclosed`.
pub(crate) fn query(text: &str, database: Database) -> Option<Problem> {
    let (tokens, end) = tokens(text, database);
    let first = tokens.iter().find(|token| **token != SqlToken::Symbol('('));
    let asks = matches!(first, Some(SqlToken::Word(word)) if ["select", "with"].iter().any(|one| word.eq_ignore_ascii_case(one)));
    if !asks || tokens.contains(&SqlToken::Symbol(';')) {
        let problem = Problem::new("expect_query", slot(text), "`expect` requires one query");
        return Some(
            problem.help("write `sql(\"SELECT count(*) FROM …\")`").note("the count must be 0, else the upgrade is refused"),
        );
    }
    unclosed(text, end, statements(&tokens).1)
}

/// Rule `raw_unclosed`: what follows in the script would belong to it.
fn unclosed(text: &str, end: TextEnd, parentheses: Parentheses) -> Option<Problem> {
    let problem = |message: String, help: String| Some(Problem::new("raw_unclosed", slot(text), message).help(help));
    match (end, parentheses) {
        (TextEnd::Open(what, mark), _) => problem(format!("a {what} in this SQL is not closed"), format!("close it with {mark}")),
        (TextEnd::Plain | TextEnd::LineComment, Parentheses::Open) => {
            problem("a parenthesis in this SQL is not closed".to_owned(), "close it with `)`".to_owned())
        }
        (TextEnd::Plain | TextEnd::LineComment, Parentheses::Closed) => {
            problem("unmatched `)` in this SQL".to_owned(), "remove it, or write its `(`".to_owned())
        }
        (TextEnd::Plain | TextEnd::LineComment, Parentheses::Paired) => None,
    }
}

fn slot(text: &str) -> Slot {
    Slot::new(Role::Raw, text)
}
