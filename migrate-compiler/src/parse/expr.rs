//! Expressions, by precedence climbing.

use crate::expr::{CurrentValue, Expr, Select, StringLiteral, Unary};
use crate::name::{Name, Written, WrittenColumn};
use crate::problem::{PieceId, Role};
use proc_macro2::{Delimiter, Span};
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    any_word, expect_words, expected, is_parens, list, next_word, nothing_left, parens, peek_parens, peek_punct, peek_words,
    take_punct, take_words, text, word_at,
};
use crate::parse::depth::{DEEPEST, too_deep};
use crate::parse::infix::Infix;
use crate::parse::literal::literal;
use crate::parse::{Parser, name, query};

/// Reads expressions of one piece.
pub(super) struct Reader<'p> {
    parser: &'p mut Parser,
    piece: PieceId,
    /// The table that the expression belongs to: `table.column` may name it.
    pub(super) table: Option<Name>,
    /// How many queries inside of queries are being read: in one, `table.column` names any table.
    pub(super) queries: usize,
    /// Whether columns of other tables than its own can be named.
    names: Nameable,
    /// The tables that were written before a column in queries.
    pub(super) named: Vec<(Name, Span)>,
    /// How many operands inside of operands are being read. One level of an expression is at most two of them: the operand after an
    /// operator, and what is in its parentheses.
    depth: usize,
}

/// Binds less than everything.
pub(super) const ANY: u8 = 0;

impl<'p> Reader<'p> {
    pub(super) fn new(parser: &'p mut Parser, piece: PieceId, table: Option<&Name>) -> Reader<'p> {
        Reader { parser, piece, table: table.cloned(), queries: 0, names: Nameable::Own, named: Vec::new(), depth: 0 }
    }

    /// The same where a statement reads another table in addition to its own.
    pub(super) fn beside_others(self) -> Reader<'p> {
        Reader { names: Nameable::Others, ..self }
    }

    /// A query that is a statement's own.
    pub(super) fn statement(&mut self, input: ParseStream<'_>) -> Parse<Select> {
        let span = input.span();
        let known = self.parser.marks.count(self.piece);
        let query = self.query(input)?;
        let expr = Expr::Query(Box::new(query.clone()));
        self.one_meaning(&expr)?;
        self.parser.marks.belong(self.piece, known, (&expr, span));
        Ok(query)
    }

    /// A whole expression.
    pub(super) fn expr(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let span = input.span();
        let known = self.parser.marks.count(self.piece);
        let expr = self.climb(input, ANY)?;
        self.one_meaning(&expr)?;
        self.parser.marks.belong(self.piece, known, (&expr, span));
        Ok(expr)
    }

    pub(super) fn note(&mut self, role: Role, word: &str, span: Span) {
        self.parser.marks.note(self.piece, role, word, span);
    }

    /// An expression of operators that bind at least as strongly as asked. Rule `too_deep`.
    pub(super) fn climb(&mut self, input: ParseStream<'_>, least: u8) -> Parse<Expr> {
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
            self.note(Role::Operator, "not", span);
            return Ok(Some((Unary::Not, 3)));
        }
        if peek_punct(input, "--") {
            return Err(expected(input, "an expression"));
        }
        if take_punct(input, "-").is_some() {
            self.note(Role::Operator, Unary::Minus.word(), span);
            return Ok(Some((Unary::Minus, 10)));
        }
        if take_punct(input, "~").is_some() {
            self.note(Role::Operator, "~", span);
            return Ok(Some((Unary::BitNot, 7)));
        }
        if peek_punct(input, "!") {
            return Err(Diagnostic::new("rust_operator", span, "`!` is an operator of Rust").help("write `not`"));
        }
        Ok(None)
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
        if input.peek(syn::Lit) && !input.peek(syn::LitBool) {
            return self.literal(input, span);
        }
        match next_word(input) {
            Some(word) => self.word(input, &word, span),
            None => Err(expected(input, "an expression").help("write a value, such as `1`, `\"text\"` or `now()`, or a column")),
        }
    }

    /// `(a)`, `(a, b)`
    fn parenthesized(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        if query::is_in_parens(input) {
            return Ok(Expr::Query(Box::new(self.query_in_parens(input)?)));
        }
        let inner = crate::parse::cursor::inside_parens(input)?;
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
        if let Some(current) = CurrentValue::ALL.into_iter().find(|current| current.word() == word && !called) {
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
            "select" => Err(self.bare_query(input)),
            "exists" if called => {
                any_word(input, "")?;
                self.note(Role::Operator, "exists", span);
                Ok(Expr::Exists(Box::new(self.query_in_parens(input)?)))
            }
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
                let (sequence, place) = parens(input, "a sequence", |input| name::qualified(input, "a sequence"))?;
                self.note(Role::Use, &sequence.to_string(), place);
                Ok(Expr::Nextval(sequence))
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

    /// `column`, or `table.column` and `schema.table.column` where the table is the expression's own, or one of a query.
    fn column(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let mut path = vec![name::in_expression(input, "an expression")?];
        while take_punct(input, ".").is_some() {
            path.push(name::in_expression(input, "a column")?);
        }
        let Some((column, place)) = path.pop() else { return Err(expected(input, "a column")) };
        let is_other = self.names == Nameable::Others && self.own_table(&path, &column).is_err();
        if (self.queries > 0 || is_other)
            && let Some((table, span)) = table(&path)
        {
            self.note(Role::From, &table.to_string(), span);
            self.note(Role::Use, &column, place);
            self.named.push((table.clone(), span));
            return Ok(Expr::Qualified { table, column });
        }
        self.own_table(&path, &column)?;
        self.note(Role::Use, &column, place);
        Ok(Expr::Column(column))
    }

    /// Rule `other_table`. A default belongs to no table: its error is that it cannot use a column.
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
        let message = format!("this expression cannot use a column of `{}`, only of `{table}`", names.join("."));
        Err(Diagnostic::new("other_table", *span, message)
            .help(format!("write `{}` for a column of `{table}`", WrittenColumn(column))))
    }

    fn case(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let span = expect_words(input, &["case"])?;
        self.note(Role::Operator, "case", span);
        let operand = if peek_words(input, &["when"]) { None } else { Some(Box::new(self.climb(input, ANY)?)) };
        let mut arms = Vec::new();
        while let Some(span) = take_words(input, &["when"]) {
            self.note(Role::Operator, "when", span);
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

/// Which columns can be named with their table, outside of queries.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nameable {
    /// Those of its own table.
    Own,
    /// Those of other tables too: which there are is known to who checks it.
    Others,
}

/// The table that is written before a column, and where.
fn table(path: &[(String, Span)]) -> Option<(Name, Span)> {
    match path {
        [(name, span)] => Some((Name::new(name.as_str()), *span)),
        [(schema, span), (name, _)] => Some((Name { schema: Some(schema.clone()), name: name.clone() }, *span)),
        [] | [_, _, _, ..] => None,
    }
}

/// Whether the operand that was read last went on with a chain, which is no level deeper.
fn is_chain(expr: &Expr) -> bool {
    matches!(expr, Expr::Binary { rest, .. } if rest.len() > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse::Parser as _;

    /// Every form of an expression that has words.
    const FORMS: &[&str] = &[
        "a",
        "t.a",
        "column(\"A b\")",
        "1 + a - 2.5",
        "-1",
        "not a and ~b = 1 or c <> 2",
        "\"x\" || text \"a\"",
        "b\"\\x00\"",
        "a::text = \"1\"::text",
        "a is null and b is not null or c is true",
        "a is distinct from b",
        "a in (1, b, \"x\") and c not in (1)",
        "a between 1 and b and c not between \"x\" and \"y\"",
        "a = any([1, b])",
        "lower(coalesce(a, \"x\"), length(b))",
        "case a when 1 then b else \"x\" end",
        "case when a > 1 then b when c then 2 end",
        "(a, 1) = (b, \"x\")",
        "a at time zone \"UTC\"",
        "a -> \"x\" ->> 1",
        "nextval(s.t_seq) + 1",
        "sql(\"x > 1\") and a",
        "[1, a]",
        "a = (select max(u.b) from u where u.id = t.a)",
        "exists (select 1 from s.u as v join w on v.x = w.x and v.y = 1 left join z as y on true where v.a = \"x\")",
        "not exists (select 1 from u) and a not in (select distinct b from u order by c desc nulls last, d limit 1)",
        "(a, b) in (select x, y from u group by x, y having count(*) > 1) or a = (select count(distinct x) from u) + 1",
        "now() - interval \"1 day\" > a",
        "current_timestamp",
    ];

    #[test]
    fn every_word_of_an_expression_has_its_node() {
        for form in FORMS {
            let mut parser = Parser::default();
            let piece = parser.marks.begin(Span::call_site());
            let mut reader = Reader::new(&mut parser, piece, Some(&"t".into()));
            let read = |input: ParseStream<'_>| Ok(reader.expr(input).map_err(|error| error.problem.to_string()));
            let read = read.parse_str(form).unwrap_or_else(|error| panic!("{form}: {error}"));
            read.unwrap_or_else(|error| panic!("{form}: {error}"));
            assert!(parser.marks.all_belong(), "{form}: {:?}", parser.marks);
        }
    }
}
