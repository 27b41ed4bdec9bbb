//! The statements of SQL text.

use migrate_history::sql::SqlToken;

/// A statement, without the body of a trigger or a function.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RawStatement<'t> {
    /// Its tokens outside of parentheses.
    pub tokens: Vec<SqlToken<'t>>,
    /// Its tokens in parentheses after its first word: `REINDEX (VERBOSE) TABLE t`.
    pub options: Vec<SqlToken<'t>>,
    /// All of its tokens, its parentheses included.
    pub nested: Vec<Nested<'t>>,
}

/// A token, and how many parentheses are open around it. A parenthesis is outside of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Nested<'t> {
    pub depth: usize,
    pub token: SqlToken<'t>,
}

/// Whether the parentheses of a text are pairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parentheses {
    /// Each is closed.
    Paired,
    /// One is opened and not closed.
    Open,
    /// One is closed that was not opened.
    Closed,
}

/// Cuts a text at its semicolons: not at those in parentheses, nor in the body of a trigger or of a function in standard SQL.
pub(super) fn statements<'t>(tokens: &[SqlToken<'t>]) -> (Vec<RawStatement<'t>>, Parentheses) {
    let mut found = Vec::new();
    let mut parentheses = Parentheses::Paired;
    let mut current = Builder::default();
    for token in tokens {
        match token {
            SqlToken::Symbol('(') => current.open(*token),
            SqlToken::Symbol(')') if current.depth == 0 => parentheses = Parentheses::Closed,
            SqlToken::Symbol(')') => current.close(*token),
            SqlToken::Symbol(';') if current.depth == 0 && current.blocks == 0 => found.push(std::mem::take(&mut current)),
            SqlToken::Word(_) | SqlToken::Number | SqlToken::Quoted | SqlToken::Symbol(_) => current.add(*token),
        }
    }
    if current.depth > 0 && parentheses == Parentheses::Paired {
        parentheses = Parentheses::Open;
    }
    found.push(current);
    let statement = |Builder { tokens, options, nested, depth: _, blocks: _ }| RawStatement { tokens, options, nested };
    (found.into_iter().map(statement).filter(|statement| !statement.tokens.is_empty()).collect(), parentheses)
}

/// A statement that is being read.
#[derive(Default)]
struct Builder<'t> {
    tokens: Vec<SqlToken<'t>>,
    options: Vec<SqlToken<'t>>,
    nested: Vec<Nested<'t>>,
    /// How many parentheses are open.
    depth: usize,
    /// How many `BEGIN … END` and, inside of one, `CASE … END` are open.
    blocks: usize,
}

impl<'t> Builder<'t> {
    fn add(&mut self, token: SqlToken<'t>) {
        if self.blocks > 0 || self.begins_body(token) {
            self.nest(token);
            return;
        }
        self.nested.push(Nested { depth: self.depth, token });
        if self.depth == 0 {
            self.tokens.push(token);
        } else if self.tokens.len() == 1 {
            self.options.push(token);
        }
    }

    fn open(&mut self, token: SqlToken<'t>) {
        self.parenthesis(token);
        self.depth += 1;
    }

    fn close(&mut self, token: SqlToken<'t>) {
        self.depth -= 1;
        self.parenthesis(token);
    }

    fn parenthesis(&mut self, token: SqlToken<'t>) {
        if self.blocks == 0 {
            self.nested.push(Nested { depth: self.depth, token });
        }
    }

    /// Whether a body begins here: `BEGIN` in a `CREATE TRIGGER` of SQLite, `BEGIN ATOMIC` in a function of PostgreSQL.
    fn begins_body(&self, token: SqlToken<'t>) -> bool {
        let creates = |kind: &str| {
            let words = self.tokens.iter().take(5).any(|token| is_word(*token, kind));
            words && self.tokens.first().is_some_and(|first| is_word(*first, "CREATE"))
        };
        is_word(token, "BEGIN") && ["TRIGGER", "FUNCTION", "PROCEDURE"].into_iter().any(creates)
    }

    fn nest(&mut self, token: SqlToken<'t>) {
        if is_word(token, "BEGIN") || is_word(token, "CASE") {
            self.blocks += 1;
        } else if is_word(token, "END") {
            self.blocks -= 1;
        }
    }
}

/// Whether a token is this keyword.
pub(super) fn is_word(token: SqlToken<'_>, keyword: &str) -> bool {
    matches!(token, SqlToken::Word(word) if word.eq_ignore_ascii_case(keyword))
}

impl RawStatement<'_> {
    /// Whether it begins with these keywords.
    pub fn begins(&self, keywords: &[&str]) -> bool {
        self.tokens.len() >= keywords.len() && self.tokens.iter().zip(keywords).all(|(token, keyword)| is_word(*token, keyword))
    }

    /// Whether it has these keywords somewhere, one after the other.
    pub fn has(&self, keywords: &[&str]) -> bool {
        self.tokens
            .windows(keywords.len())
            .any(|window| window.iter().zip(keywords).all(|(token, keyword)| is_word(*token, keyword)))
    }

    /// The name at its end, which may have a schema; `i` where that is in quotes.
    pub fn last_name(&self) -> String {
        let is_option = |token: &&SqlToken<'_>| ["CASCADE", "RESTRICT"].iter().any(|word| is_word(**token, word));
        let mut parts = Vec::new();
        for token in self.tokens.iter().rev().skip_while(is_option) {
            match token {
                SqlToken::Word(word) if parts.len() % 2 == 0 => parts.push(word.to_lowercase()),
                SqlToken::Symbol('.') if parts.len() % 2 == 1 => parts.push(".".to_owned()),
                SqlToken::Word(_) | SqlToken::Number | SqlToken::Quoted | SqlToken::Symbol(_) => break,
            }
        }
        parts.reverse();
        if parts.is_empty() || parts.first().is_some_and(|part| part == ".") { "i".to_owned() } else { parts.concat() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use migrate_history::Database;
    use migrate_history::sql::tokens;

    fn firsts(text: &str) -> Vec<String> {
        let (tokens, _) = tokens(text, Database::Sqlite);
        let first = |statement: &RawStatement<'_>| match statement.tokens.first() {
            Some(SqlToken::Word(word)) => (*word).to_owned(),
            Some(SqlToken::Number | SqlToken::Quoted | SqlToken::Symbol(_)) | None => "?".to_owned(),
        };
        statements(&tokens).0.iter().map(first).collect()
    }

    #[test]
    fn a_body_is_part_of_its_statement() {
        let trigger = "create trigger x after insert on t when case when a then b end begin \
                       update t set a = case when b then 1 end; delete from u; end; commit";
        assert_eq!(firsts(trigger), ["create", "commit"]);
        let atomic = "create or replace function f() returns void begin atomic; select 1; end; vacuum";
        assert_eq!(firsts(atomic), ["create", "vacuum"]);
        assert_eq!(
            firsts("create rule r as on insert to t do also (delete from u; delete from v); select 1;;"),
            ["create", "select"]
        );
        assert_eq!(firsts("select case when a then b end; end"), ["select", "end"]);
    }

    #[test]
    fn parentheses_are_counted() {
        let paired = |text| statements(&tokens(text, Database::Postgres).0).1;
        assert_eq!(paired("(a) (')')"), Parentheses::Paired);
        assert_eq!(paired("(a"), Parentheses::Open);
        assert_eq!(paired("a) or (b"), Parentheses::Closed);
    }
}
