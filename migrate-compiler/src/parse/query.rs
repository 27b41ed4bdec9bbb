//! `select … from …`: the rows of other tables.

use crate::expr::{Duplicates, Expr, FromTable, Join, Order, Select};
use crate::name::{Name, Written};
use crate::problem::Role;
use proc_macro2::{Span, TokenTree};
use syn::buffer::Cursor;
use syn::parse::ParseStream;

use crate::diagnostic::{Diagnostic, Parse};
use crate::parse::cursor::{
    any_word, expect_words, expected, inside_parens, integer, list, next_word, nothing_left, parens, peek_parens, peek_punct,
    peek_words, take_punct, take_words, word_at,
};
use crate::parse::expr::{ANY, Reader};
use crate::parse::name;

/// What may be written after a table of a query.
const AFTER_TABLE: &[&str] = &[
    "where",
    "group",
    "having",
    "order",
    "limit",
    "join",
    "inner",
    "left",
    "right",
    "full",
    "cross",
    "natural",
    "on",
    "using",
    "union",
    "intersect",
    "except",
    "offset",
    "fetch",
    "for",
    "window",
    "undo",
    "irreversible",
    "keep",
    "in",
];

/// `using OTHER [as NAME] [where EXPR]` after `delete from TABLE`: what to write for it.
pub(super) fn delete_using(reader: &mut Reader<'_>, table: &Name, input: ParseStream<'_>) -> Diagnostic {
    let span = input.span();
    let read = |reader: &mut Reader<'_>| {
        expect_words(input, &["using"])?;
        reader.queries += 1;
        let from = vec![reader.table(input)?];
        let filter = reader.clause(input, &["where"])?;
        let values = vec![Expr::Number("1".to_owned())];
        let (duplicates, groups, order) = (Duplicates::Kept, Vec::new(), Vec::new());
        Ok(Select { duplicates, values, from, filter, groups, having: None, order, limit: None })
    };
    match read(reader) {
        Ok(query) => Diagnostic::new("query_clause", span, "`using` is not supported in `delete`")
            .help(format!("write `delete from {table} where {}`", Expr::Exists(Box::new(query)))),
        Err(error) => error,
    }
}

/// The clauses of SQL that a query does not have here.
const MISSING: &[&str] = &["right", "full", "natural", "union", "intersect", "except", "offset", "fetch", "for", "window"];

/// Whether a query begins here.
pub(super) fn begins(input: ParseStream<'_>) -> bool {
    peek_words(input, &["select"])
}

/// Whether a query is in the parentheses that come next.
pub(super) fn is_in_parens(input: ParseStream<'_>) -> bool {
    let inside = input.cursor().group(proc_macro2::Delimiter::Parenthesis);
    inside.and_then(|(inner, ..)| word_at(inner)).is_some_and(|(word, _)| word == "select")
}

/// Whether a statement has a `from` before its end; `is distinct from` is taken for one too, which only changes who says what is wrong.
pub(super) fn has_from(mut cursor: Cursor<'_>) -> bool {
    while let Some((token, rest)) = cursor.token_tree() {
        match token {
            TokenTree::Ident(word) if word == "from" => return true,
            TokenTree::Punct(punct) if punct.as_char() == ';' => return false,
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Group(_) | TokenTree::Literal(_) => cursor = rest,
        }
    }
    false
}

impl Reader<'_> {
    /// `(select …)`, the parentheses included.
    pub(super) fn query_in_parens(&mut self, input: ParseStream<'_>) -> Parse<Select> {
        if !is_in_parens(input) {
            return Err(expected(input, "a query in parentheses: `(select … from …)`"));
        }
        let inner = inside_parens(input)?;
        let query = self.query(&inner)?;
        nothing_left(&inner)?;
        Ok(query)
    }

    /// `select … from …`, up to the end of its clauses.
    pub(super) fn query(&mut self, input: ParseStream<'_>) -> Parse<Select> {
        let span = expect_words(input, &["select"])?;
        self.note(Role::Query, "select", span);
        self.queries += 1;
        let duplicates = self.distinct(input)?;
        let values = list(input, |input| self.selected(input))?;
        let from = if peek_words(input, &["from"]) { self.tables(input)? } else { no_tables(input)? };
        let filter = self.clause(input, &["where"])?;
        let groups = self.by(input, "group", |reader, input| reader.climb(input, ANY))?;
        let having = self.clause(input, &["having"])?;
        let order = self.by(input, "order", Reader::order)?;
        let limit = limit(input)?;
        missing_clause(input)?;
        self.queries -= 1;
        Ok(Select { duplicates, values, from, filter, groups, having, order, limit })
    }

    /// `distinct`, which is a column where no value follows.
    pub(super) fn distinct(&mut self, input: ParseStream<'_>) -> Parse<Duplicates> {
        let begins_value = |cursor: Cursor<'_>| {
            let word = word_at(cursor).is_some_and(|(word, _)| !["from", "as"].contains(&word.as_str()));
            word || cursor.literal().is_some() || cursor.any_group().is_some()
        };
        let Some((_, rest)) = word_at(input.cursor()).filter(|(word, rest)| word == "distinct" && begins_value(*rest)) else {
            return Ok(Duplicates::Kept);
        };
        if word_at(rest).is_some_and(|(word, rest)| word == "on" && crate::parse::cursor::is_parens(rest)) {
            return Err(missing(input.span(), "distinct on"));
        }
        expect_words(input, &["distinct"])?;
        Ok(Duplicates::Dropped)
    }

    /// A value of a query. Rules `select_all` and `query_alias`.
    fn selected(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let all = |span| {
            Diagnostic::new("select_all", span, "`*` is not supported in a query: its columns are named")
                .help("name the columns; `exists` takes `select 1`")
        };
        if peek_punct(input, "*") {
            return Err(all(input.span()));
        }
        let begin = input.span();
        let value = self.climb(input, ANY).map_err(|error| if peek_punct(input, "*") { all(begin) } else { error })?;
        let span = input.span();
        if take_words(input, &["as"]).is_some() {
            let (alias, _) = name::plain(input, "a name")?;
            return Err(Diagnostic::new("query_alias", span, "`as` after a value is not supported in a query")
                .help(format!("remove `as {}`", Written(&alias))));
        }
        Ok(value)
    }

    /// `from t join u on …`
    fn tables(&mut self, input: ParseStream<'_>) -> Parse<Vec<FromTable>> {
        let first = self.from(input)?;
        let mut from = vec![first];
        loop {
            let span = input.span();
            if take_punct(input, ",").is_some() {
                return Err(comma(input, span));
            }
            let left = take_words(input, &["left", "outer", "join"]).or_else(|| take_words(input, &["left", "join"]));
            let inner = || take_words(input, &["inner", "join"]).or_else(|| take_words(input, &["join"]));
            let make = match (left, left.is_none().then(inner).flatten()) {
                (Some(_), _) => Join::Left,
                (None, Some(_)) => Join::Inner,
                (None, None) if peek_words(input, &["cross", "join"]) => return Err(self.cross(input, span)),
                (None, None) => return Ok(from),
            };
            let mut joined = self.table(input)?;
            joined.join = make(self.on(input)?);
            from.push(joined);
        }
    }

    /// `from t`, `from t as u`
    pub(super) fn from(&mut self, input: ParseStream<'_>) -> Parse<FromTable> {
        expect_words(input, &["from"])?;
        self.table(input)
    }

    /// `t`, `t as u`. Rule `query_alias`.
    fn table(&mut self, input: ParseStream<'_>) -> Parse<FromTable> {
        if is_in_parens(input) {
            return Err(missing(input.span(), "from (select …)"));
        }
        let (table, span) = name::qualified(input, "a table")?;
        self.note(Role::From, &table.to_string(), span);
        let mut alias = None;
        if take_words(input, &["as"]).is_some() {
            let (name, span) = name::plain(input, "another name for the table")?;
            self.note(Role::From, &Written(&name).to_string(), span);
            alias = Some(name);
        } else if let Some(word) = next_word(input).filter(|word| !AFTER_TABLE.contains(&word.as_str())) {
            return Err(Diagnostic::new("query_alias", input.span(), "a table alias requires `as`")
                .help(format!("write `{table} as {word}`")));
        }
        Ok(FromTable { table, alias, join: Join::First })
    }

    /// Rule `query_clause`: `cross join u`.
    fn cross(&mut self, input: ParseStream<'_>, span: Span) -> Diagnostic {
        take_words(input, &["cross", "join"]);
        match self.table(input) {
            Ok(table) => Diagnostic::new("query_clause", span, "`cross join` is not supported in a query")
                .help(format!("write `join {table} on true`")),
            Err(error) => error,
        }
    }

    /// `on CONDITION`
    fn on(&mut self, input: ParseStream<'_>) -> Parse<Expr> {
        let span = input.span();
        if take_words(input, &["using"]).is_some() && peek_parens(input) {
            let columns = parens(input, "columns", |input| list(input, |input| name::plain(input, "a column")))?;
            let each: Vec<String> = columns.iter().map(|(column, _)| format!("a.{0} = b.{0}", Written(column))).collect();
            let problem = Diagnostic::new("query_clause", span, "`using` is not supported in a query");
            return Err(problem.help(format!("use `on {}` with the names of the two tables", each.join(" and "))));
        }
        expect_words(input, &["on"])?;
        self.climb(input, ANY)
    }

    /// `where CONDITION`
    pub(super) fn clause(&mut self, input: ParseStream<'_>, words: &[&str]) -> Parse<Option<Expr>> {
        if take_words(input, words).is_none() {
            return Ok(None);
        }
        self.climb(input, ANY).map(Some)
    }

    /// `group by a, b`
    fn by<T>(
        &mut self,
        input: ParseStream<'_>,
        word: &str,
        mut item: impl FnMut(&mut Self, ParseStream<'_>) -> Parse<T>,
    ) -> Parse<Vec<T>> {
        if take_words(input, &[word, "by"]).is_none() {
            return Ok(Vec::new());
        }
        list(input, |input| item(self, input))
    }

    /// `x desc nulls last`
    fn order(&mut self, input: ParseStream<'_>) -> Parse<Order> {
        let value = self.climb(input, ANY)?;
        let descending = take_words(input, &["desc"]).is_some();
        if !descending {
            take_words(input, &["asc"]);
        }
        let nulls_first = if take_words(input, &["nulls", "first"]).is_some() {
            Some(true)
        } else {
            take_words(input, &["nulls", "last"]).map(|_| false)
        };
        Ok(Order { value, descending, nulls_first })
    }

    /// Rule `ambiguous_table`: a table before a column that is called as one around its query. SQL takes the nearer one, and who reads it
    /// may take the other.
    pub(super) fn one_meaning(&self, expr: &Expr) -> Parse<()> {
        let own = self.table.iter().map(|table| FromTable { table: table.clone(), alias: None, join: Join::First });
        let Some(table) = shadowing(expr, &own.collect::<Vec<_>>()) else { return Ok(()) };
        let span = self.named.iter().find(|(named, _)| named == table).map_or_else(Span::call_site, |(_, span)| *span);
        let other = Written(&format!("{}_2", table.name)).to_string();
        let message = format!("table name `{table}` is ambiguous: this query and the one around it have it");
        let help = format!("give the table of the query another name: `from {table} as {other}`");
        Err(Diagnostic::new("ambiguous_table", span, message).help(help))
    }

    /// Rule `query_parens`: a query where an operand is expected.
    pub(super) fn bare_query(&mut self, input: ParseStream<'_>) -> Diagnostic {
        let span = input.span();
        match self.query(input) {
            Ok(query) => Diagnostic::new("query_parens", span, "a query in an expression is written in parentheses")
                .help(format!("write `({query})`")),
            Err(error) => error,
        }
    }

    /// Rule `query_parens`: `= any (select …)`.
    pub(super) fn any_query(&mut self, left: &Expr, input: ParseStream<'_>) -> Diagnostic {
        let span = input.span();
        match self.query_in_parens(input) {
            Ok(query) => Diagnostic::new("query_parens", span, "`any` takes an array, and this is a query")
                .help(format!("write `{left} in ({query})`")),
            Err(error) => error,
        }
    }
}

/// The first name before a column that is that of a table of its query and of one around it.
fn shadowing<'e>(expr: &'e Expr, outer: &[FromTable]) -> Option<&'e Name> {
    let mut queries = Vec::new();
    expr.walk_own(&mut |part| queries.extend(part.own_query()));
    queries.into_iter().find_map(|query| {
        let shadows = |from: &&FromTable| outer.iter().any(|other| other.name().name == from.name().name);
        let own: Vec<&FromTable> = query.from.iter().filter(shadows).collect();
        let mut found = None;
        for part in query.parts() {
            part.walk(&mut |part| {
                if let Expr::Qualified { table, .. } = part
                    && own.iter().any(|from| from.is_called(table))
                {
                    found = found.or(Some(table));
                }
            });
        }
        let around: Vec<FromTable> = outer.iter().chain(&query.from).cloned().collect();
        found.or_else(|| query.parts().into_iter().find_map(|part| shadowing(part, &around)))
    })
}

/// A query of no table has one row: what may follow its values are its other clauses, or the end of its statement.
fn no_tables(input: ParseStream<'_>) -> Parse<Vec<FromTable>> {
    let ends =
        input.is_empty() || peek_punct(input, ";") || next_word(input).is_some_and(|word| AFTER_TABLE.contains(&word.as_str()));
    if ends { Ok(Vec::new()) } else { Err(expected(input, "`from`")) }
}

/// `limit 1`
fn limit(input: ParseStream<'_>) -> Parse<Option<u32>> {
    if take_words(input, &["limit"]).is_none() {
        return Ok(None);
    }
    let literal = integer(input, "a number of rows")?;
    let rows = literal.base10_digits().parse().ok().filter(|_| literal.suffix().is_empty());
    let wrong = || Diagnostic::new("expected", literal.span(), format!("expected a number of rows, found `{literal}`"));
    rows.map(Some).ok_or_else(wrong)
}

/// Rule `query_clause`: a clause that a query does not have.
fn missing_clause(input: ParseStream<'_>) -> Parse<()> {
    match next_word(input).filter(|word| MISSING.contains(&word.as_str())) {
        Some(word) => Err(missing(input.span(), &word)),
        None => Ok(()),
    }
}

fn missing(span: Span, what: &str) -> Diagnostic {
    Diagnostic::new("query_clause", span, format!("`{what}` is not supported in a query"))
        .help("use `sql(\"…\")` for the whole expression, or `sql \"…\" as nothing undo \"…\";` for the statement")
}

/// Rule `query_clause`: `from t, u`.
fn comma(input: ParseStream<'_>, span: Span) -> Diagnostic {
    let table = any_word(input, "a table").map_or_else(|_| "u".to_owned(), |word| word.to_string());
    Diagnostic::new("query_clause", span, "a query with several tables joins them")
        .help(format!("use `join {table} on …` with the join condition"))
}
