//! Expressions, by precedence climbing.

use crate::expr::{Binary, Current, Expr, StringLiteral, Truth, Unary};
use crate::name::{Name, Written, WrittenColumn};
use crate::problem::{PieceId, Role};
use crate::types::Type;
use proc_macro2::{Delimiter, Span};
use syn::Lit;
use syn::buffer::Cursor;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    after_words, any_word, expect_words, expected, is_parens, list, next_word, nothing_left, parens, peek_parens, peek_punct,
    peek_words, punct_at, take_punct, take_words, text, without_nul, word_at,
};
use crate::parse::depth::{DEEPEST, too_deep};
use crate::parse::{Parser, name, planned, types};

/// Reads expressions of one piece.
pub(super) struct Reader<'p> {
    parser: &'p mut Parser,
    piece: PieceId,
    /// The table that the expression belongs to: `table.column` may name it.
    table: Option<Name>,
    /// How many operands inside of operands are being read. One level of an expression is at most two of them: the operand after an
    /// operator, and what is in its parentheses.
    depth: usize,
}

/// Binds less than everything.
const ANY: u8 = 0;
/// What stands on both sides of `between … and`, `in`, `like`.
const OPERAND: u8 = 6;

impl<'p> Reader<'p> {
    pub(super) fn new(parser: &'p mut Parser, piece: PieceId, table: Option<&Name>) -> Reader<'p> {
        Reader { parser, piece, table: table.cloned(), depth: 0 }
    }

    /// A whole expression.
    pub(super) fn expr(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let span = input.span();
        let expr = self.climb(input, ANY)?;
        self.note(Role::Expression, &expr.to_string(), span);
        Ok(expr)
    }

    fn note(&mut self, role: Role, word: &str, span: Span) {
        self.parser.marks.note(self.piece, role, word, span);
    }

    /// An expression of operators that bind at least as strongly as asked. Rule `too_deep`.
    fn climb(&mut self, input: ParseStream<'_>, least: u8) -> Parse<Expr> {
        if self.depth > 2 * DEEPEST {
            return Err(too_deep(input.span()));
        }
        self.depth += 1;
        let expr = self.operators(input, least);
        self.depth -= 1;
        expr
    }

    /// Operators are read in a loop, for a chain of them may be long; what each makes deeper is counted.
    fn operators(&mut self, input: ParseStream<'_>, least: u8) -> Parse<Expr> {
        let start = input.span();
        let mut expr = self.prefix(input)?;
        let mut levels = 0;
        loop {
            let span = input.span();
            match self.infix(input, expr, least)? {
                Infix::Next(next) => expr = next,
                Infix::End(end) if end.height() > DEEPEST => return Err(too_deep(start)),
                Infix::End(end) => return Ok(end),
            }
            if !is_chain(&expr) {
                levels += 1;
            }
            if levels > DEEPEST {
                return Err(too_deep(span));
            }
        }
    }

    fn prefix(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let Some((operator, least)) = self.unary(input)? else { return self.primary(input) };
        let operand = Box::new(self.climb(input, least)?);
        Ok(Expr::Unary { operator, operand })
    }

    /// An operator before an operand, and how strongly what follows it must bind.
    fn unary(&mut self, input: ParseStream<'_>) -> Parse<Option<(Unary, u8)>> {
        let span = input.span();
        if take_words(input, &["not"]).is_some() {
            return Ok(Some((Unary::Not, 3)));
        }
        if peek_punct(input, "--") {
            return Err(expected(input, "an expression"));
        }
        if take_punct(input, "-").is_some() {
            return Ok(Some((Unary::Minus, 10)));
        }
        if take_punct(input, "~").is_some() {
            self.note(Role::Operator, "~", span);
            return Ok(Some((Unary::BitNot, 7)));
        }
        if peek_punct(input, "!") {
            return Err(Diagnostic::new("rust_operator", span, "`!` is Rust's").help("write `not`"));
        }
        Ok(None)
    }

    /// One operator and what follows, if it binds at least as strongly as asked.
    fn infix(&mut self, input: ParseStream<'_>, left: Expr, least: u8) -> Parse<Infix> {
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
        let negated = peek_words(input, &["not"]);
        let after_not = |word: &'static str| if negated { vec!["not", word] } else { vec![word] };
        if least <= 5 && take_words(input, &after_not("in")).is_some() {
            self.note(Role::Operator, "in", span);
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

    fn primary(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        if peek_parens(input) {
            return self.parenthesized(input);
        }
        if input.cursor().group(Delimiter::Bracket).is_some() {
            return self.array(input);
        }
        if input.peek(syn::LitStr) && input.peek2(syn::Token![.]) {
            return self.column(input);
        }
        let span = input.span();
        if input.peek(Lit) && !input.peek(syn::LitBool) {
            return self.literal(input, span);
        }
        match next_word(input) {
            Some(word) => self.word(input, &word, span),
            None => Err(expected(input, "an expression")),
        }
    }

    /// `(a)`, `(a, b)`
    fn parenthesized(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let inner = crate::parse::cursor::inside_parens(input)?;
        planned::subquery(&inner)?;
        let first = self.climb(&inner, ANY)?;
        let row = if take_punct(&inner, ",").is_some() { self.row(first, &inner)? } else { first };
        nothing_left(&inner)?;
        Ok(row)
    }

    fn row(&mut self, first: Expr, input: ParseStream<'_>) -> Parse<Expr> {
        let others = list(input, |input| self.climb(input, ANY))?;
        Ok(Expr::Row(std::iter::once(first).chain(others).collect()))
    }

    /// `[a, b]`
    fn array(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let inner = crate::parse::cursor::inside_brackets(input)?;
        let items = if inner.is_empty() { Vec::new() } else { list(&inner, |input| self.climb(input, ANY))? };
        nothing_left(&inner)?;
        Ok(Expr::Array(items))
    }

    fn literal(&mut self, input: ParseStream<'_>, span: Span) -> Parse<Expr> {
        let literal = literal(input)?;
        self.note(Role::Literal, &literal.to_string(), span);
        Ok(literal)
    }

    /// What begins with a word: a literal, a call, `case`, or a column.
    fn word(&mut self, input: ParseStream<'_>, word: &str, span: Span) -> Parse<Expr> {
        let rest = word_at(input.cursor()).map(|(_, rest)| rest);
        let called = rest.is_some_and(is_parens);
        if let Some(current) = Current::ALL.into_iter().find(|current| current.word() == word && !called) {
            any_word(input, "")?;
            return Ok(Expr::Current(current));
        }
        match word {
            "null" => self.simple(input, Expr::Null),
            "true" => self.simple(input, Expr::Bool(true)),
            "false" => self.simple(input, Expr::Bool(false)),
            "interval" if rest.is_some_and(|rest| rest.literal().is_some()) => {
                any_word(input, "")?;
                Ok(Expr::Interval(text(input, "a length of time in double quotes")?.0))
            }
            "text" if rest.is_some_and(|rest| rest.literal().is_some()) => self.typed(input, span),
            "case" => self.case(input),
            "exists" | "select" if called || word == "select" => Err(planned::word(input, "a subquery")),
            "column" if called => {
                any_word(input, "")?;
                let (column, place) = parens(input, "the name of a column", |input| name::plain(input, "the name of a column"))?;
                self.note(Role::Use, &column, place);
                Ok(Expr::Column(column))
            }
            "sql" if called => {
                any_word(input, "")?;
                let (sql, place) = parens(input, "SQL in double quotes", |input| text(input, "SQL in double quotes"))?;
                self.note(Role::Raw, &sql, place);
                Ok(Expr::Raw(sql))
            }
            "nextval" if called => {
                any_word(input, "")?;
                let sequence = parens(input, "a sequence", |input| name::qualified(input, "a sequence"))?;
                Ok(Expr::Nextval(sequence.0))
            }
            _ if called => self.call(input, span),
            _ => self.column(input),
        }
    }

    fn simple(&mut self, input: ParseStream<'_>, expr: Expr) -> Parse<Expr> {
        any_word(input, "")?;
        Ok(expr)
    }

    /// `text "…"`: a string literal that no column is meant by.
    fn typed(&mut self, input: ParseStream<'_>, span: Span) -> Parse<Expr> {
        any_word(input, "`text`")?;
        let literal = Expr::Text(StringLiteral::typed(text(input, "a string literal")?.0));
        self.note(Role::Literal, &literal.to_string(), span);
        Ok(literal)
    }

    /// A bare name is lower case, as SQL folds it; a raw identifier is kept.
    fn call(&mut self, input: ParseStream<'_>, span: Span) -> Parse<Expr> {
        let word = any_word(input, "a function")?;
        let name = word.unraw().to_string();
        let function = if word == name { name.to_lowercase() } else { name };
        self.note(Role::Function, &function, span);
        let arguments = parens(input, "arguments", |input| {
            planned::subquery(input)?;
            if input.is_empty() { Ok(Vec::new()) } else { list(input, |input| self.climb(input, ANY)) }
        })?;
        Ok(Expr::Call { function, arguments })
    }

    /// `column`, or `table.column` and `schema.table.column` where the table is the expression's own.
    fn column(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let mut path = vec![name::in_expression(input, "an expression")?];
        while take_punct(input, ".").is_some() {
            path.push(name::in_expression(input, "a column")?);
        }
        let Some((column, place)) = path.pop() else { return Err(expected(input, "a column")) };
        self.own_table(&path, &column)?;
        self.note(Role::Use, &column, place);
        Ok(Expr::Column(column))
    }

    /// Rule `other_table`. A default belongs to no table: that it can use no column is said of the column.
    fn own_table(&self, path: &[(String, Span)], column: &str) -> Parse<()> {
        let is_own = |table: &Name| match path {
            [] => true,
            [(name, _)] => *name == table.name,
            [(schema, _), (name, _)] => Some(schema) == table.schema.as_ref() && *name == table.name,
            [_, _, _, ..] => false,
        };
        let (Some((_, span)), Some(table)) = (path.first(), &self.table) else { return Ok(()) };
        if is_own(table) {
            return Ok(());
        }
        let names: Vec<String> = path.iter().map(|(name, _)| Written(name).to_string()).collect();
        let message = format!("`{}` is not the table of this expression, which is `{table}`", names.join("."));
        Err(Diagnostic::new("other_table", *span, message)
            .help(format!("write `{}` for a column of `{table}`", WrittenColumn(column))))
    }

    fn case(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        expect_words(input, &["case"])?;
        let operand = if peek_words(input, &["when"]) { None } else { Some(Box::new(self.climb(input, ANY)?)) };
        let mut arms = Vec::new();
        while take_words(input, &["when"]).is_some() {
            let when = self.climb(input, ANY)?;
            expect_words(input, &["then"])?;
            arms.push((when, self.climb(input, ANY)?));
        }
        if arms.is_empty() {
            return Err(expected(input, "`when`"));
        }
        let otherwise = if take_words(input, &["else"]).is_some() { Some(Box::new(self.climb(input, ANY)?)) } else { None };
        expect_words(input, &["end"])?;
        Ok(Expr::Case { operand, arms, otherwise })
    }
}

fn skip_to(input: ParseStream<'_>, to: Cursor<'_>) {
    while input.cursor() != to && !input.is_empty() {
        let _: syn::Result<proc_macro2::TokenTree> = input.parse();
    }
}

/// What was read after an operand.
enum Infix {
    /// The operand with an operator and what follows it.
    Next(Expr),
    /// The operand: nothing of its expression follows.
    End(Expr),
}

/// What is said of an operand after it.
enum Predicate {
    IsNull { negated: bool },
    Is { truth: Truth, negated: bool },
    In { list: Vec<Expr>, negated: bool },
    Between { low: Box<Expr>, high: Box<Expr>, negated: bool },
}

impl Predicate {
    fn of(self, operand: Box<Expr>) -> Expr {
        match self {
            Predicate::IsNull { negated } => Expr::IsNull { operand, negated },
            Predicate::Is { truth, negated } => Expr::Is { operand, truth, negated },
            Predicate::In { list, negated } => Expr::In { operand, list, negated },
            Predicate::Between { low, high, negated } => Expr::Between { operand, low, high, negated },
        }
    }
}

/// Whether the operand that was read last went on with a chain, which is no level deeper.
fn is_chain(expr: &Expr) -> bool {
    matches!(expr, Expr::Binary { rest, .. } if rest.len() > 1)
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

/// Rule `rust_operator`: operators that are Rust's and not SQL's.
fn rust_operator(input: ParseStream<'_>) -> Parse<()> {
    for (rust, sql) in [("==", "="), ("!=", "<>"), ("&&", "and")] {
        if peek_punct(input, rust) {
            return Err(
                Diagnostic::new("rust_operator", input.span(), format!("`{rust}` is Rust's")).help(format!("write `{sql}`"))
            );
        }
    }
    Ok(())
}

/// Rule `unknown_literal`: `b'x'`, `c"x"` and what may come one day.
#[expect(clippy::wildcard_enum_match_arm, reason = "Rust may have more literals one day, and SQL has no such")]
fn literal(input: ParseStream<'_>) -> Parse<Expr> {
    let literal: Lit = input.parse()?;
    let suffixed = |suffix: &str| {
        if suffix.is_empty() {
            Ok(())
        } else {
            Err(Diagnostic::new("literal_suffix", literal.span(), format!("a literal has no suffix, and `{suffix}` is one"))
                .help("remove it: the column says which type it is"))
        }
    };
    match &literal {
        Lit::Str(text) => {
            suffixed(text.suffix())?;
            without_nul(&text.value(), text.span())?;
            Ok(Expr::Text(text.value().into()))
        }
        Lit::ByteStr(bytes) => suffixed(bytes.suffix()).map(|()| Expr::Bytes(bytes.value())),
        Lit::Int(number) => suffixed(number.suffix()).map(|()| Expr::Number(number.base10_digits().to_owned())),
        Lit::Float(number) => suffixed(number.suffix()).map(|()| Expr::Number(number.base10_digits().to_owned())),
        Lit::Char(letter) => Err(Diagnostic::new("single_quotes", letter.span(), "text stands in double quotes")
            .help(format!("write {:?}", letter.value().to_string()))),
        _ => Err(Diagnostic::new("unknown_literal", literal.span(), "SQL has no such literal")
            .help("write text in double quotes, or bytes as `b\"\\x00\"`")),
    }
}
