//! What follows an operand: an operator with another one, a cast, a predicate.

use crate::expr::{Binary, Expr, Select, Truth};
use crate::help::Help;
use crate::problem::Role;
use crate::types::Type;
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    after_words, any_word, expect_words, is_parens, list, parens, peek_punct, peek_words, punct_at, take_punct, take_words,
};
use crate::parse::expr::{ANY, Reader};
use crate::parse::{query, types};

/// The operands of `between … and`, `in`, `like`.
const OPERAND: u8 = 6;

impl Reader<'_> {
    /// One operator and what follows, if it binds at least as strongly as asked.
    pub(super) fn infix(&mut self, input: ParseStream<'_>, left: Expr, least: u8) -> Parse<Infix> {
        if least <= 11
            && let Some(to) = self.cast(input)?
        {
            return Ok(Infix::Next(Expr::Cast { operand: Box::new(left), to }));
        }
        if least <= 9 && peek_words(input, &["at", "time", "zone"]) {
            return self.at_time_zone(input, left);
        }
        rust_operator(input)?;
        let Some(predicate) = self.predicate(input, least)? else { return self.operator(input, left, least) };
        Ok(Infix::Next(predicate.of(Box::new(left))))
    }

    /// `::TYPE`
    fn cast(&mut self, input: ParseStream<'_>) -> Parse<Option<Type>> {
        let span = input.span();
        if take_punct(input, "::").is_none() {
            return Ok(None);
        }
        let to = types::plain(input)?;
        self.note(Role::Operator, &format!("::{to}"), span);
        Ok(Some(to))
    }

    fn at_time_zone(&mut self, input: ParseStream<'_>, left: Expr) -> Parse<Infix> {
        let span = expect_words(input, &["at", "time", "zone"])?;
        self.note(Role::Operator, "at time zone", span);
        let zone = Box::new(self.climb(input, 10)?);
        Ok(Infix::Next(Expr::AtTimeZone { operand: Box::new(left), zone }))
    }

    /// An operator between two operands.
    fn operator(&mut self, input: ParseStream<'_>, left: Expr, least: u8) -> Parse<Infix> {
        let Some((operator, rest)) = binary(input.cursor()).filter(|(operator, _)| operator.precedence() >= least) else {
            return Ok(Infix::End(left));
        };
        let span = input.span();
        skip_to(input, rest);
        self.note(Role::Operator, operator.spelling(), span);
        if operator == Binary::Equal
            && peek_words(input, &["any"])
            && after_words(input.cursor(), &["any"]).is_some_and(is_parens)
        {
            any_word(input, "`any`")?;
            if query::is_in_parens(input) {
                return Err(self.any_query(&left, input));
            }
            let array = parens(input, "an array", |input| self.climb(input, ANY))?;
            return Ok(Infix::Next(Expr::Any { operand: Box::new(left), array: Box::new(array) }));
        }
        let right = self.climb(input, operator.precedence() + 1)?;
        Ok(Infix::Next(Expr::binary(left, operator, right)))
    }

    /// `is null`, `is true`, `in`, `between`, each perhaps with `not`.
    fn predicate(&mut self, input: ParseStream<'_>, least: u8) -> Parse<Option<Predicate>> {
        let span = input.span();
        if least <= 4 && peek_words(input, &["is"]) {
            return Ok(self.is(input));
        }
        null_in_one_word(input)?;
        let negated = peek_words(input, &["not"]);
        let after_not = |word: &'static str| if negated { vec!["not", word] } else { vec![word] };
        if least <= 5 && !peek_words(input, &["in", "batches"]) && take_words(input, &after_not("in")).is_some() {
            self.note(Role::Operator, "in", span);
            if query::is_in_parens(input) {
                return Ok(Some(Predicate::InQuery { query: Box::new(self.query_in_parens(input)?), negated }));
            }
            let list =
                parens(input, "a list in parentheses: `x in (a, b)`", |input| list(input, |input| self.climb(input, ANY)))?;
            return Ok(Some(Predicate::In { list, negated }));
        }
        if least <= 5 && take_words(input, &after_not("between")).is_some() {
            self.note(Role::Operator, "between", span);
            let low = Box::new(self.climb(input, OPERAND)?);
            expect_words(input, &["and"])?;
            let high = Box::new(self.climb(input, OPERAND)?);
            return Ok(Some(Predicate::Between { low, high, negated }));
        }
        Ok(None)
    }

    /// `is [not] null`, `is [not] true`; `is distinct from` is an operator between two operands.
    fn is(&mut self, input: ParseStream<'_>) -> Option<Predicate> {
        let span = input.span();
        let truths = Truth::ALL.map(|truth| (truth.word(), Some(truth)));
        for (word, truth) in truths.into_iter().chain([("null", None)]) {
            for (words, negated) in [(vec!["is", word], false), (vec!["is", "not", word], true)] {
                if take_words(input, &words).is_some() {
                    self.note(Role::Operator, "is", span);
                    return Some(truth.map_or(Predicate::IsNull { negated }, |truth| Predicate::Is { truth, negated }));
                }
            }
        }
        None
    }
}

fn skip_to(input: ParseStream<'_>, to: Cursor<'_>) {
    while input.cursor() != to && !input.is_empty() {
        let _: syn::Result<proc_macro2::TokenTree> = input.parse();
    }
}

/// What was read after an operand.
pub(super) enum Infix {
    /// The operand with an operator and what follows it.
    Next(Expr),
    /// The operand: nothing of its expression follows.
    End(Expr),
}

/// A predicate after its operand.
enum Predicate {
    IsNull { negated: bool },
    Is { truth: Truth, negated: bool },
    In { list: Vec<Expr>, negated: bool },
    InQuery { query: Box<Select>, negated: bool },
    Between { low: Box<Expr>, high: Box<Expr>, negated: bool },
}

impl Predicate {
    fn of(self, operand: Box<Expr>) -> Expr {
        match self {
            Predicate::IsNull { negated } => Expr::IsNull { operand, negated },
            Predicate::Is { truth, negated } => Expr::Is { operand, truth, negated },
            Predicate::InQuery { query, negated } => Expr::InQuery { operand, query, negated },
            Predicate::In { list, negated } => Expr::In { operand, list, negated },
            Predicate::Between { low, high, negated } => Expr::Between { operand, low, high, negated },
        }
    }
}

/// The operator at the cursor, the longest that fits.
fn binary(cursor: Cursor<'_>) -> Option<(Binary, Cursor<'_>)> {
    Binary::ALL.iter().find_map(|operator| {
        let spelling = operator.spelling();
        let rest = if spelling.starts_with(char::is_alphabetic) {
            after_words(cursor, &spelling.split(' ').collect::<Vec<_>>())
        } else {
            punct_at(cursor, spelling)
        };
        rest.map(|rest| (*operator, rest))
    })
}

/// Rule `sql_syntax`: `notnull` and `isnull` after a value.
fn null_in_one_word(input: ParseStream<'_>) -> Parse<()> {
    for (word, here) in [("notnull", "is not null"), ("isnull", "is null")] {
        if peek_words(input, &[word]) {
            let message = format!("`{word}` is not an operator");
            return Err(Diagnostic::new("sql_syntax", input.span(), message).help(format!("write `{here}`")));
        }
    }
    Ok(())
}

/// Rule `rust_operator`: operators that are Rust's and not SQL's.
fn rust_operator(input: ParseStream<'_>) -> Parse<()> {
    for (rust, sql) in [("==", "="), ("!=", "<>"), ("&&", "and")] {
        if peek_punct(input, rust) {
            return Err(Diagnostic::new("rust_operator", input.span(), format!("`{rust}` is an operator of Rust"))
                .help(Help::write(rust, sql)));
        }
    }
    Ok(())
}
