//! `CREATE TABLE` and `CREATE INDEX` as SQLite takes and keeps them (manual, "CREATE TABLE", "CREATE INDEX"). What is no such
//! statement is `None`.

use super::table::{ColumnShape, ExprShape, ForeignKeyShape, GeneratedShape, IndexShape, OnConflict, RuleShape, TableShape};
use super::token::SqliteToken;

/// The words that end the type of a column.
const AFTER_TYPE: [&str; 11] =
    ["constraint", "primary", "not", "null", "unique", "check", "default", "collate", "references", "generated", "as"];

/// The words that begin a constraint of the table.
const OF_TABLE: [&str; 5] = ["constraint", "primary", "unique", "check", "foreign"];

/// Reads a `CREATE TABLE`.
pub(super) fn table(tokens: &[SqliteToken]) -> Option<TableShape> {
    let mut input = Input(tokens);
    input.word("create").then_some(())?;
    let _temporary = input.word("temp") || input.word("temporary");
    input.word("table").then_some(())?;
    let name = input.object()?;
    let mut body = Input(input.group()?);
    let (mut columns, mut rules) = (Vec::new(), Vec::new());
    while !body.is_empty() {
        if OF_TABLE.iter().any(|word| body.is(word)) {
            rules.extend(body.table_constraint()?);
        } else {
            columns.push(body.column(&mut rules)?);
        }
        let _comma = body.sign(",");
    }
    let mut options = Vec::new();
    while !input.is_empty() {
        options.push(if input.word("strict") {
            "STRICT".to_owned()
        } else {
            (input.word("without") && input.word("rowid")).then(|| "WITHOUT ROWID".to_owned())?
        });
        let _comma = input.sign(",");
    }
    options.sort();
    Some(TableShape { name, columns, rules, options })
}

/// Reads a `CREATE INDEX`.
pub(super) fn index(tokens: &[SqliteToken]) -> Option<IndexShape> {
    let mut input = Input(tokens);
    input.word("create").then_some(())?;
    let unique = input.word("unique");
    input.word("index").then_some(())?;
    let name = input.object()?;
    input.word("on").then_some(())?;
    input.name()?;
    let keys = parts(input.group()?).into_iter().map(key).collect();
    let filter = input.word("where").then(|| expr(std::mem::take(&mut input.0)));
    input.is_empty().then_some(IndexShape { name, unique, keys, filter })
}

/// A key of an index; ascending is what it is without a word.
fn key(tokens: &[SqliteToken]) -> ExprShape {
    match tokens {
        [key @ .., last] if last.is("asc") && !key.is_empty() => expr(key),
        [key @ .., last] if last.is("desc") && !key.is_empty() => {
            let mut key = expr(key);
            key.0.push(last.normal());
            key
        }
        key => expr(key),
    }
}

/// The columns of a key: its order does not count for what it refuses.
fn key_columns(tokens: &[SqliteToken]) -> Vec<String> {
    let plain = |tokens: &[SqliteToken]| match tokens {
        [column @ .., last] if (last.is("asc") || last.is("desc")) && !column.is_empty() => expr(column).to_string(),
        column => expr(column).to_string(),
    };
    let mut columns: Vec<String> = parts(tokens).into_iter().map(plain).collect();
    columns.sort();
    columns
}

/// What is between the commas that are in no parentheses.
fn parts(tokens: &[SqliteToken]) -> Vec<&[SqliteToken]> {
    let mut depth = 0_usize;
    let is_comma = |token: &SqliteToken| {
        depth = (depth + usize::from(token.is_sign("("))).saturating_sub(usize::from(token.is_sign(")")));
        depth == 0 && token.is_sign(",")
    };
    tokens.split(is_comma).collect()
}

/// An expression without the parentheses around all of it.
fn expr(mut tokens: &[SqliteToken]) -> ExprShape {
    loop {
        let mut input = Input(tokens);
        match input.group() {
            Some(inner) if input.is_empty() => tokens = inner,
            Some(_) | None => return ExprShape(tokens.iter().map(SqliteToken::normal).collect()),
        }
    }
}

/// What is not read yet.
struct Input<'t>(&'t [SqliteToken]);

impl<'t> Input<'t> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn is(&self, keyword: &str) -> bool {
        self.0.first().is_some_and(|token| token.is(keyword))
    }

    fn next(&mut self) -> Option<&'t SqliteToken> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    /// Takes the keyword, if it comes next.
    fn word(&mut self, keyword: &str) -> bool {
        let found = self.is(keyword);
        if found {
            self.next();
        }
        found
    }

    /// Takes these keywords, if all of them come next.
    fn words(&mut self, keywords: &[&str]) -> bool {
        let found = keywords.len() <= self.0.len() && keywords.iter().zip(self.0).all(|(keyword, token)| token.is(keyword));
        if found {
            self.0 = &self.0[keywords.len()..];
        }
        found
    }

    fn sign(&mut self, sign: &str) -> bool {
        let found = self.0.first().is_some_and(|token| token.is_sign(sign));
        if found {
            self.next();
        }
        found
    }

    /// A name: SQLite takes a text for one, too.
    fn name(&mut self) -> Option<String> {
        match self.next()? {
            SqliteToken::Bare(name) | SqliteToken::Quoted(name) | SqliteToken::Text(name) => Some(name.clone()),
            SqliteToken::Blob(_) | SqliteToken::Number(_) | SqliteToken::Sign(_) => None,
        }
    }

    /// The name of what is made: `IF NOT EXISTS "main"."name"`.
    fn object(&mut self) -> Option<String> {
        self.words(&["if", "not", "exists"]);
        let name = self.name()?;
        if self.sign(".") { self.name() } else { Some(name) }
    }

    /// What is in the parentheses that come next.
    fn group(&mut self) -> Option<&'t [SqliteToken]> {
        let mut depth = 0_usize;
        for (at, token) in self.0.iter().enumerate() {
            depth += usize::from(token.is_sign("("));
            if depth == 0 {
                return None;
            }
            depth -= usize::from(token.is_sign(")"));
            if depth == 0 {
                let inner = &self.0[1..at];
                self.0 = &self.0[at + 1..];
                return Some(inner);
            }
        }
        None
    }

    fn names(&mut self) -> Option<Vec<String>> {
        let names = parts(self.group()?).into_iter().map(|tokens| Some(Input(tokens).name()?.to_ascii_lowercase()));
        names.collect()
    }

    fn column(&mut self, rules: &mut Vec<RuleShape>) -> Option<ColumnShape> {
        let name = self.name()?;
        let (default, collation, generated, not_null) = (None, None, None, None);
        let mut column = ColumnShape { ty: self.ty()?, name, not_null, default, collation, generated };
        while !self.is_empty() && !self.0[0].is_sign(",") {
            // A constraint of the table may follow without a comma.
            if self.is("foreign") {
                break;
            }
            self.column_constraint(&mut column, rules)?;
        }
        Some(column)
    }

    /// The declared type: words, and numbers in parentheses.
    fn ty(&mut self) -> Option<String> {
        let mut words = Vec::new();
        while let Some(SqliteToken::Bare(word) | SqliteToken::Quoted(word) | SqliteToken::Text(word)) = self.0.first() {
            if AFTER_TYPE.iter().any(|keyword| self.is(keyword)) {
                break;
            }
            words.push(word.to_uppercase());
            self.next();
        }
        let mut ty = words.join(" ");
        if !words.is_empty() && self.0.first().is_some_and(|token| token.is_sign("(")) {
            let numbers: Vec<String> = self.group()?.iter().map(SqliteToken::normal).collect();
            ty += &format!("({})", numbers.concat().replace(',', ", "));
        }
        Some(ty)
    }

    fn column_constraint(&mut self, column: &mut ColumnShape, rules: &mut Vec<RuleShape>) -> Option<()> {
        let own = || vec![column.name.to_ascii_lowercase()];
        if self.word("constraint") {
            self.name()?;
        } else if self.words(&["primary", "key"]) {
            let _order = self.word("asc") || self.word("desc");
            let conflict = self.conflict()?;
            rules.push(RuleShape::PrimaryKey { columns: own(), conflict, autoincrement: self.word("autoincrement") });
        } else if self.words(&["not", "null"]) {
            column.not_null = Some(self.conflict()?);
        } else if self.word("null") {
            self.conflict()?;
        } else if self.word("unique") {
            rules.push(RuleShape::Unique { columns: own(), conflict: self.conflict()? });
        } else if self.word("check") {
            rules.push(RuleShape::Check { condition: expr(self.group()?) });
            self.conflict()?;
        } else if self.word("default") {
            column.default = Some(self.default()?).filter(|default| default.0 != ["null"]);
        } else if self.word("collate") {
            column.collation = Some(self.name()?.to_ascii_lowercase()).filter(|name| name != "binary");
        } else if self.is("references") {
            rules.push(RuleShape::ForeignKey(self.references(own())?));
        } else {
            let _words = self.words(&["generated", "always"]);
            self.word("as").then_some(())?;
            let value = expr(self.group()?);
            let stored = self.word("stored");
            let _virtual = self.word("virtual");
            column.generated = Some(GeneratedShape { value, stored });
        }
        Some(())
    }

    /// A value of its own, or an expression in parentheses. A name is a text here, and true is one.
    fn default(&mut self) -> Option<ExprShape> {
        if let Some(group) = self.group() {
            return Some(constant(expr(group)));
        }
        let mut tokens = Vec::new();
        while self.0.first().is_some_and(|token| token.is_sign("-") || token.is_sign("+")) {
            tokens.extend(self.next().filter(|token| token.is_sign("-")).map(SqliteToken::normal));
        }
        match self.next()? {
            SqliteToken::Quoted(text) => tokens.push(SqliteToken::Text(text.clone()).normal()),
            SqliteToken::Sign(_) => return None,
            token @ (SqliteToken::Bare(_) | SqliteToken::Text(_) | SqliteToken::Blob(_) | SqliteToken::Number(_)) => {
                tokens.push(token.normal())
            }
        }
        Some(constant(ExprShape(tokens)))
    }

    fn table_constraint(&mut self) -> Option<Option<RuleShape>> {
        if self.word("constraint") {
            self.name()?;
        }
        let rule = if self.words(&["primary", "key"]) {
            let group = self.group()?;
            let (key, autoincrement) = match group {
                [key @ .., last] if last.is("autoincrement") => (key, true),
                key => (key, false),
            };
            RuleShape::PrimaryKey { columns: key_columns(key), autoincrement, conflict: self.conflict()? }
        } else if self.word("unique") {
            RuleShape::Unique { columns: key_columns(self.group()?), conflict: self.conflict()? }
        } else if self.word("check") {
            let condition = expr(self.group()?);
            self.conflict()?;
            RuleShape::Check { condition }
        } else if self.words(&["foreign", "key"]) {
            let columns = self.names()?;
            RuleShape::ForeignKey(self.references(columns)?)
        } else {
            // SQLite takes a name without a constraint.
            return (self.is_empty() || self.0[0].is_sign(",")).then_some(None);
        };
        Some(Some(rule))
    }

    fn references(&mut self, columns: Vec<String>) -> Option<ForeignKeyShape> {
        self.word("references").then_some(())?;
        let table = self.name()?.to_ascii_lowercase();
        let named = self.0.first().is_some_and(|token| token.is_sign("("));
        let references = if named { self.names()? } else { Vec::new() };
        let (mut actions, mut deferred) = (Vec::new(), false);
        loop {
            if self.word("on") {
                actions.extend(self.action()?);
            } else if self.word("match") {
                // SQLite has one kind of match, whatever is written.
                self.name()?;
            } else if self.words(&["not", "deferrable"]) {
                self.timing()?;
            } else if self.word("deferrable") {
                deferred = self.timing()?;
            } else {
                break;
            }
        }
        actions.sort();
        Some(ForeignKeyShape { columns, table, references, actions, deferred })
    }

    /// `DELETE SET NULL`, after `ON`; nothing where it is what happens anyway.
    fn action(&mut self) -> Option<Option<String>> {
        let event = self.name()?.to_ascii_lowercase();
        if self.words(&["no", "action"]) {
            return Some(None);
        }
        let action = ["set null", "set default", "cascade", "restrict"]
            .into_iter()
            .find(|action| self.words(&action.split(' ').collect::<Vec<_>>()))?;
        Some(Some(format!("on {event} {action}")))
    }

    /// Whether `INITIALLY DEFERRED` follows.
    fn timing(&mut self) -> Option<bool> {
        if !self.word("initially") {
            return Some(false);
        }
        let deferred = self.word("deferred");
        (deferred || self.word("immediate")).then_some(deferred)
    }

    fn conflict(&mut self) -> Option<OnConflict> {
        if !self.words(&["on", "conflict"]) {
            return Some(OnConflict::default());
        }
        Some(OnConflict(self.name()?.to_ascii_lowercase()))
    }
}

/// A default in one spelling: true is 1, false is 0.
fn constant(expr: ExprShape) -> ExprShape {
    match expr.0.as_slice() {
        [word] if word == "true" => ExprShape(vec!["1".to_owned()]),
        [word] if word == "false" => ExprShape(vec!["0".to_owned()]),
        _ => expr,
    }
}
