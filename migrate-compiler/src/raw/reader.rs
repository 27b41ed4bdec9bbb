//! The words of a statement, one after the other.

use migrate_history::sql::SqlToken;

use super::statement::is_word;

/// A name in raw SQL, as a database folds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RawName {
    /// The name itself, without its schema, in lower case.
    pub name: String,
}

/// What is left of the tokens of a statement.
#[derive(Clone, Copy, Debug)]
pub(super) struct RawReader<'a, 't>(pub &'a [SqlToken<'t>]);

impl RawReader<'_, '_> {
    /// Whether these keywords come next; they are taken then.
    pub fn take(&mut self, keywords: &[&str]) -> bool {
        let is_next = self.is_next(keywords);
        if is_next {
            self.0 = &self.0[keywords.len()..];
        }
        is_next
    }

    /// Whether these keywords come next.
    pub fn is_next(&self, keywords: &[&str]) -> bool {
        self.0.len() >= keywords.len() && self.0.iter().zip(keywords).all(|(token, keyword)| is_word(*token, keyword))
    }

    /// Takes each of these keywords that comes next, in this order.
    pub fn skip(&mut self, keywords: &[&str]) {
        for keyword in keywords {
            self.take(&[keyword]);
        }
    }

    /// Whether these keywords come somewhere, one after the other.
    pub fn has(&self, keywords: &[&str]) -> bool {
        let is_it = |window: &[SqlToken<'_>]| window.iter().zip(keywords).all(|(token, keyword)| is_word(*token, keyword));
        self.0.windows(keywords.len()).any(is_it)
    }

    /// Takes everything up to these keywords, and them; whether they come at all.
    pub fn find(&mut self, keyword: &str) -> bool {
        let place = self.0.iter().position(|token| is_word(*token, keyword));
        self.0 = place.map(|place| &self.0[place + 1..]).unwrap_or_default();
        place.is_some()
    }

    /// The name that comes next, of which the last part counts. `None` where it is in quotes, which the tokens do not have.
    pub fn name(&mut self) -> Option<RawName> {
        let mut name = self.part();
        while let [SqlToken::Symbol('.'), rest @ ..] = self.0 {
            self.0 = rest;
            name = self.part();
        }
        name
    }

    fn part(&mut self) -> Option<RawName> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        if let SqlToken::Word(word) = first { Some(RawName { name: word.to_lowercase() }) } else { None }
    }

    /// The names that come next, with commas between them; none of them where one is in quotes.
    pub fn names(&mut self) -> Vec<RawName> {
        let mut names = Vec::new();
        loop {
            self.skip(&["ONLY"]);
            let Some(name) = self.name() else { return Vec::new() };
            names.push(name);
            if let [SqlToken::Symbol('*'), rest @ ..] = self.0 {
                self.0 = rest;
            }
            let [SqlToken::Symbol(','), rest @ ..] = self.0 else { return names };
            self.0 = rest;
        }
    }
}
