//! Expressions as SQL.

use crate::dialect::function::{Function, Returns, SQLITE_NOW};
use crate::dialect::typing::{self, type_of};
use crate::dialect::{Sql, Unsupported, quote, sqlite, type_name};
use crate::expr::{Binary, Current, Expr, Kind, Truth, Unary};
use crate::history::Database;
use crate::name::Name;
use crate::print::precedence;
use crate::problem::Role;
use crate::schema::Column;
use crate::types::Type;

/// The expression in a database's own words, over columns whose types count where they are known.
pub(super) fn render(database: Database, columns: &[Column], expr: &Expr) -> Sql {
    Writer { database, columns }.expr(expr)
}

/// The expression as a value of a column of the type, as the database would take it by assignment.
pub(super) fn assigned(database: Database, columns: &[Column], expr: &Expr, to: &Type) -> Sql {
    let writer = Writer { database, columns };
    match (database, expr, type_of(expr, columns)) {
        (_, Expr::Text(_) | Expr::Array(_), _) => writer.beside(expr, Some(to)),
        (Database::Sqlite, _, Some(from)) if !is_number(expr) => match moment(expr, to) {
            Some(moment) => Ok(moment),
            None => sqlite::cast::assigned(writer.tight(expr)?, &from, to),
        },
        (Database::Postgres | Database::Sqlite, _, _) => writer.expr(expr),
    }
}

/// Whether it is a number as it was written, which a column of numbers takes as it is.
fn is_number(expr: &Expr) -> bool {
    match expr.digits() {
        Some(_) => true,
        None => matches!(expr, Expr::Unary { operator: Unary::Minus, operand } if operand.digits().is_some()),
    }
}

/// The operator of a chain that the databases read alike without parentheses: of one word, or of one kind of calculation.
fn alike(rest: &[(Binary, Expr)]) -> Option<Binary> {
    let (first, _) = rest.first()?;
    let is_one = rest.iter().all(|(operator, _)| operator == first);
    let joins = is_one && matches!(first, Binary::And | Binary::Or | Binary::Concatenate | Binary::BitAnd | Binary::BitOr);
    (joins || first.kind() == Kind::Arithmetic).then_some(*first)
}

fn is_logic(rest: &[(Binary, Expr)]) -> bool {
    rest.first().is_some_and(|(operator, _)| operator.kind() == Kind::Logic)
}

/// The most operands that stand side by side.
const ABREAST: usize = 64;

/// Operands of an operator that may be put in parentheses anywhere.
fn balanced(items: &[String], operator: &str) -> String {
    if items.len() <= ABREAST {
        return items.join(operator);
    }
    let (left, right) = items.split_at(items.len() / 2);
    format!("({}){operator}({})", balanced(left, operator), balanced(right, operator))
}

/// The current moment as a value of a type of SQLite; `None` for what is something else.
fn moment(expr: &Expr, to: &Type) -> Option<String> {
    sqlite::moment::current(expr.current()?, to)
}

/// Whether a text has no letters of both cases, or none that would count.
fn is_of_one_case(expr: &Expr) -> bool {
    matches!(expr, Expr::Call { function, .. } if function == "lower" || function == "upper")
}

struct Writer<'a> {
    database: Database,
    columns: &'a [Column],
}

/// How many bytes of SQL one expression may take. A cast on SQLite names its operand several times, so that casts inside of casts
/// grow without measure.
const LONGEST: usize = 1 << 20;

impl Writer<'_> {
    fn expr(&self, expr: &Expr) -> Sql {
        self.bounded(self.any_length(expr)?)
    }

    fn bounded(&self, sql: String) -> Sql {
        if sql.len() <= LONGEST {
            return Ok(sql);
        }
        let what = format!("the expression takes more than {} MB of SQL on {}", LONGEST >> 20, self.database);
        Err(Unsupported::new(Role::Expression, "", what).help("write it with fewer casts inside of one another"))
    }

    fn any_length(&self, expr: &Expr) -> Sql {
        Ok(match expr {
            Expr::Null => "NULL".to_owned(),
            Expr::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            Expr::Number(digits) => digits.replace('_', ""),
            Expr::Text(text) => quote::text(text),
            Expr::Bytes(bytes) => self.bytes(bytes),
            Expr::Interval(text) => self.only_postgres(expr, "intervals", format!("INTERVAL {}", quote::text(text)))?,
            Expr::Array(list) => self.array(expr, list)?,
            Expr::Column(name) => quote::ident(name),
            Expr::Current(current) => self.current(*current)?,
            Expr::Nextval(sequence) => self.nextval(expr, sequence)?,
            Expr::Call { function, arguments } => self.call(function, arguments)?,
            Expr::Unary { operator: Unary::Not, operand } => format!("NOT {}", self.tight(operand)?),
            Expr::Unary { operator: Unary::Minus, operand } => format!("-{}", self.tight(operand)?),
            Expr::Unary { operator: Unary::BitNot, operand } => format!("~{}", self.tight(operand)?),
            Expr::Binary { first, rest } => self.chain(first, rest)?,
            Expr::Is { operand, truth, negated } => {
                let word = if self.database == Database::Sqlite && *truth == Truth::Unknown { "null" } else { truth.word() };
                format!("{} IS {}{}", self.tight(operand)?, not(*negated), word.to_uppercase())
            }
            Expr::Row(list) => format!("({})", self.list(list)?),
            Expr::IsNull { operand, negated } => format!("{} IS {}NULL", self.tight(operand)?, not(*negated)),
            Expr::In { operand, list, negated } => {
                let is_row = matches!(**operand, Expr::Row(_));
                if is_row && self.database == Database::Sqlite {
                    return self.row_in(operand, list, *negated);
                }
                let ty = self.type_of(operand);
                let item = |item| if is_row { self.row_beside(item, operand) } else { self.beside(item, ty.as_ref()) };
                let list = list.iter().map(item).collect::<Result<Vec<_>, _>>()?.join(", ");
                format!("{} {}IN ({list})", self.operand(operand)?, not(*negated))
            }
            Expr::Between { operand, low, high, negated } => {
                let ty = self.type_of(operand);
                let (low, high) = (self.beside(low, ty.as_ref())?, self.beside(high, ty.as_ref())?);
                format!("{} {}BETWEEN {low} AND {high}", self.operand(operand)?, not(*negated))
            }
            Expr::Any { operand, array } => {
                let ty = self.type_of(operand).map(|element| Type::Array(Box::new(element)));
                let sql = format!("{} = ANY ({})", self.tight(operand)?, self.beside(array, ty.as_ref())?);
                self.only_postgres(expr, "arrays", sql)?
            }
            Expr::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref())?,
            Expr::Cast { operand, to } => self.cast(operand, to)?,
            Expr::AtTimeZone { operand, zone } => self.at_time_zone(operand, zone)?,
            Expr::Raw(text) => format!("({text})"),
        })
    }

    /// In parentheses unless it holds together by itself: the databases do not agree on how strongly operators bind.
    fn tight(&self, expr: &Expr) -> Sql {
        let sql = self.expr(expr)?;
        Ok(if precedence(expr) < 12 && !matches!(expr, Expr::Cast { .. }) { format!("({sql})") } else { sql })
    }

    /// An operand that is compared or calculated with: of a `char(n)` PostgreSQL then takes no spaces at the end.
    fn operand(&self, expr: &Expr) -> Sql {
        let sql = self.tight(expr)?;
        Ok(if self.length(expr).is_some() { sqlite::cast::trimmed(&sql) } else { sql })
    }

    /// The length of a `char(n)` of SQLite, which neither pads it nor ignores the spaces at its end.
    fn length(&self, expr: &Expr) -> Option<u32> {
        match (self.database, self.type_of(expr)) {
            (Database::Sqlite, Some(Type::Char(length))) => Some(length),
            (Database::Sqlite | Database::Postgres, _) => None,
        }
    }

    /// A text with the spaces up to the length of its type, as PostgreSQL compares a `char(n)` with a pattern.
    fn padded(&self, expr: &Expr) -> Sql {
        let text = self.operand(expr)?;
        match (self.length(expr), expr) {
            (None, _) => Ok(text),
            (Some(length), Expr::Column(_) | Expr::Cast { .. }) => Ok(sqlite::cast::padded(&text, length)),
            (Some(_), _) => {
                let what = format!("on SQLite the length of `{expr}` is not known, to which PostgreSQL pads it");
                let unsupported = Unsupported::new(Role::Expression, expr.to_string(), what);
                Err(unsupported.help(format!("write `({expr})::text`")))
            }
        }
    }

    /// An operand beside a value of the type: a literal takes it. Text by itself is never equal to another kind of value on SQLite,
    /// and a list of texts is an array of texts on PostgreSQL.
    fn beside(&self, expr: &Expr, ty: Option<&Type>) -> Sql {
        match (self.database, expr, ty) {
            (Database::Sqlite, Expr::Text(text), Some(ty)) => sqlite::literal::text(text, ty),
            (Database::Postgres, Expr::Array(list), Some(ty @ Type::Array(_))) => {
                Ok(format!("{}::{}", self.array(expr, list)?, type_name(self.database, ty)?))
            }
            (Database::Postgres | Database::Sqlite, _, _) => self.operand(expr),
        }
    }

    fn type_of(&self, expr: &Expr) -> Option<Type> {
        type_of(expr, self.columns)
    }

    fn cast(&self, operand: &Expr, to: &Type) -> Sql {
        match self.database {
            Database::Postgres => Ok(format!("CAST({} AS {})", self.expr(operand)?, type_name(self.database, to)?)),
            Database::Sqlite => match moment(operand, to) {
                Some(moment) => Ok(moment),
                None => sqlite::cast::cast(&self.tight(operand)?, self.type_of(operand).as_ref(), to),
            },
        }
    }

    /// SQLite's own words give the moment in another form than that in which it is kept.
    fn current(&self, current: Current) -> Sql {
        match (self.database, current) {
            (Database::Sqlite, Current::Timestamp) => Ok(SQLITE_NOW.to_owned()),
            (Database::Sqlite, Current::User | Current::SessionUser) => {
                let what = format!("SQLite has no users, so no `{}`", current.word());
                Err(Unsupported::new(Role::Expression, current.word(), what)
                    .help("write `#[only(postgres)]` before the statement"))
            }
            (Database::Sqlite, Current::Date | Current::Time) | (Database::Postgres, _) => Ok(current.word().to_uppercase()),
        }
    }

    /// On SQLite, where only UTC and fixed offsets are known, and moments are texts.
    fn at_time_zone(&self, operand: &Expr, zone: &Expr) -> Sql {
        match self.database {
            Database::Postgres => Ok(format!("{} AT TIME ZONE {}", self.tight(operand)?, self.tight(zone)?)),
            Database::Sqlite => {
                let name = if let Expr::Text(name) = zone { Some(&**name) } else { None };
                let Some(minutes) = name.and_then(sqlite::zone::minutes) else {
                    let what = format!("SQLite does not know the time zone `{zone}`");
                    let unsupported = Unsupported::new(Role::Expression, zone.to_string(), what);
                    return Err(unsupported.help("write `at time zone \"UTC\"`, or `#[only(postgres)]` before the statement"));
                };
                let value = self.tight(operand)?;
                self.type_of(operand).and_then(|from| sqlite::zone::at(&value, &from, minutes)).ok_or_else(|| {
                    let what = format!("on SQLite `{operand}` must be a `timestamp` or a `timestamptz`");
                    let unsupported = Unsupported::new(Role::Expression, operand.to_string(), what);
                    unsupported.help(format!("write `({operand})::timestamp at time zone {zone}`"))
                })
            }
        }
    }

    fn list(&self, list: &[Expr]) -> Sql {
        Ok(list.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    /// Operands from left to right. What the databases read alike without parentheses has none, however many operands there are.
    fn chain(&self, first: &Expr, rest: &[(Binary, Expr)]) -> Sql {
        if let [(operator, right)] = rest {
            return self.binary(*operator, first, right);
        }
        if let Some(operator) = alike(rest) {
            return self.joined(operator, first, rest);
        }
        self.deep(rest)?;
        let mut left = (self.operand(first)?, self.type_of(first));
        for (operator, right) in rest {
            let sql = self.bounded(self.beside_sql(*operator, &left.0, right)?)?;
            let ty = typing::combined(operator.kind(), left.1, self.type_of(right));
            left = (format!("({sql})"), ty);
        }
        // The last pair needs no parentheses of its own.
        Ok(left.0.get(1..left.0.len() - 1).unwrap_or_default().to_owned())
    }

    /// A chain of one operator, or of `+` and `-`, of `*`, `/` and `%`. What is the same in any order of evaluation is balanced on
    /// SQLite, whose expressions have at most 1,000 levels (manual, "Implementation Limits", section 5).
    fn joined(&self, operator: Binary, first: &Expr, rest: &[(Binary, Expr)]) -> Sql {
        let spelling = self.operator(operator)?;
        // `and` and `or` are no operands of their own kind here, and everything else binds more strongly than them.
        let is_own = |expr: &Expr| matches!(expr, Expr::Binary { rest, .. } if is_logic(rest));
        let item =
            |expr: &Expr| if operator.kind() == Kind::Logic && !is_own(expr) { self.expr(expr) } else { self.operand(expr) };
        let associative = matches!(operator, Binary::And | Binary::Or | Binary::Concatenate);
        if self.database == Database::Sqlite && associative {
            let all = std::iter::once(first).chain(rest.iter().map(|(_, expr)| expr));
            let items = all.map(item).collect::<Result<Vec<_>, _>>()?;
            return Ok(balanced(&items, &format!(" {spelling} ")));
        }
        self.deep(rest)?;
        let mut sql = item(first)?;
        for (operator, right) in rest {
            sql += &format!(" {} {}", self.operator(*operator)?, item(right)?);
        }
        Ok(sql)
    }

    /// Each operand of a chain is one more level for SQLite.
    fn deep(&self, rest: &[(Binary, Expr)]) -> Result<(), Unsupported> {
        const MOST: usize = 500;
        let Some((operator, _)) = rest.first().filter(|_| self.database == Database::Sqlite && rest.len() >= MOST) else {
            return Ok(());
        };
        let (word, count) = (operator.spelling(), rest.len() + 1);
        let what = format!("`{word}` joins {count} operands, and SQLite allows {MOST}");
        Err(Unsupported::new(Role::Operator, word, what).help("put parts of the chain in parentheses"))
    }

    fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> Sql {
        if let (Database::Sqlite, Binary::Like | Binary::NotLike) = (self.database, operator) {
            return self.like(left, operator == Binary::NotLike, right);
        }
        let spelling = self.operator(operator)?;
        match operator.kind() {
            Kind::Logic => self.joined(operator, left, &[(operator, right.clone())]),
            Kind::Comparison if matches!(left, Expr::Row(_)) => {
                Ok(format!("{} {spelling} {}", self.row_beside(left, right)?, self.row_beside(right, left)?))
            }
            Kind::Comparison => {
                let (own, other) = (self.type_of(left), self.type_of(right));
                Ok(format!("{} {spelling} {}", self.beside(left, other.as_ref())?, self.beside(right, own.as_ref())?))
            }
            Kind::Bits => {
                self.shift(operator, left, right)?;
                self.beside_sql(operator, &self.tight(left)?, right)
            }
            Kind::Pattern | Kind::Arithmetic | Kind::Concatenation | Kind::Json | Kind::JsonText => {
                self.beside_sql(operator, &self.operand(left)?, right)
            }
        }
    }

    /// An operator after an operand that is written already.
    fn beside_sql(&self, operator: Binary, left: &str, right: &Expr) -> Sql {
        let (spelling, right) = (self.operator(operator)?, self.operand(right)?);
        Ok(match (self.database, operator) {
            (Database::Sqlite, Binary::JsonGetText) => sqlite::cast::json_text(left, &right),
            (Database::Sqlite, Binary::BitXor) => format!("({left} | {right}) - ({left} & {right})"),
            (Database::Postgres | Database::Sqlite, _) => format!("{left} {spelling} {right}"),
        })
    }

    /// A row beside another: each value takes the type of the one that it is compared with.
    fn row_beside(&self, row: &Expr, other: &Expr) -> Sql {
        let (Expr::Row(list), Expr::Row(others)) = (row, other) else { return self.tight(row) };
        let each = list.iter().zip(others).map(|(item, other)| self.beside(item, self.type_of(other).as_ref()));
        Ok(format!("({})", each.collect::<Result<Vec<_>, _>>()?.join(", ")))
    }

    /// SQLite takes a list of rows as the rows of a query only, and a check has no query.
    fn row_in(&self, row: &Expr, list: &[Expr], negated: bool) -> Sql {
        let equal = |other| Ok(format!("{} = {}", self.row_beside(row, other)?, self.row_beside(other, row)?));
        let each = list.iter().map(equal).collect::<Result<Vec<_>, _>>()?;
        Ok(format!("{}({})", not(negated), balanced(&each, " OR ")))
    }

    /// PostgreSQL shifts the bits of the number's own type, and SQLite those of 64 always.
    fn shift(&self, operator: Binary, left: &Expr, right: &Expr) -> Result<(), Unsupported> {
        let by = right.digits().and_then(|digits| digits.parse::<u8>().ok());
        let same = match (operator, self.type_of(left).filter(|_| left.digits().is_none())) {
            (Binary::ShiftLeft, Some(Type::BigInt)) => by.is_some_and(|by| by < 64),
            (Binary::ShiftRight, Some(Type::BigInt)) => by.is_some_and(|by| by < 64),
            (Binary::ShiftRight, Some(Type::Integer | Type::SmallInt)) => by.is_some_and(|by| by < 32),
            (Binary::ShiftLeft | Binary::ShiftRight, _) => false,
            _ => true,
        };
        if same || self.database == Database::Postgres {
            return Ok(());
        }
        let word = operator.spelling();
        let what = format!("SQLite shifts 64 bits, and PostgreSQL those of the type of `{left}`");
        Err(Unsupported::new(Role::Operator, word, what).help(format!("write `({left})::bigint {word} 1`, by a number below 64")))
    }

    /// SQLite's `LIKE` takes `a` for `A`, and knows no escape by itself; its `GLOB` tells them apart.
    fn like(&self, left: &Expr, negated: bool, right: &Expr) -> Sql {
        let (text, not) = (self.padded(left)?, not(negated));
        if let Expr::Text(pattern) = right {
            return Ok(format!("{text} {not}GLOB {}", quote::text(&sqlite::literal::glob(pattern))));
        }
        if ![left, right].into_iter().all(is_of_one_case) {
            let word = if negated { "not like" } else { "like" };
            let what = "SQLite's `like` takes `a` for `A`, and the pattern is not known";
            return Err(Unsupported::new(Role::Operator, word, what).help("write `lower(a) like lower(b)`"));
        }
        Ok(format!("{text} {not}LIKE {} ESCAPE '\\'", self.operand(right)?))
    }

    fn operator(&self, operator: Binary) -> Sql {
        let unsupported = |help: &str| {
            let what = format!("SQLite has no operator `{}`", operator.spelling());
            Err(Unsupported::new(Role::Operator, operator.spelling(), what).help(help))
        };
        match (self.database, operator) {
            (Database::Sqlite, Binary::IsDistinctFrom) => Ok("IS NOT".to_owned()),
            (Database::Sqlite, Binary::IsNotDistinctFrom) => Ok("IS".to_owned()),
            (Database::Sqlite, Binary::ILike | Binary::NotILike) => unsupported("write `lower(a) like lower(b)`"),
            (
                Database::Sqlite,
                Binary::Matches | Binary::NotMatches | Binary::MatchesInsensitive | Binary::NotMatchesInsensitive,
            ) => unsupported("write `like`, or keep the condition to PostgreSQL"),
            (Database::Sqlite, Binary::SimilarTo | Binary::NotSimilarTo) => unsupported("write `like`"),
            (Database::Sqlite, Binary::JsonPath) => unsupported("write `(x -> \"a\") -> \"b\"` for the keys one by one"),
            (Database::Sqlite, Binary::JsonPathText) => unsupported("write `(x -> \"a\") ->> \"b\"` for the keys one by one"),
            _ => Ok(operator.spelling().to_uppercase()),
        }
    }

    fn bytes(&self, bytes: &[u8]) -> String {
        match self.database {
            Database::Postgres => format!("'\\x{}'::bytea", quote::hex(bytes)),
            Database::Sqlite => quote::bytes(bytes),
        }
    }

    fn array(&self, expr: &Expr, list: &[Expr]) -> Sql {
        let sql = if list.is_empty() { "'{}'".to_owned() } else { format!("ARRAY[{}]", self.list(list)?) };
        self.only_postgres(expr, "arrays", sql)
    }

    fn nextval(&self, expr: &Expr, sequence: &Name) -> Sql {
        self.only_postgres(expr, "sequences", format!("nextval({}::regclass)", quote::text(&quote::name(sequence))))
    }

    fn call(&self, function: &str, arguments: &[Expr]) -> Sql {
        let Some(known) = Function::find(function) else {
            return Ok(format!("{}({})", quote::folded(function), self.list(arguments)?));
        };
        let plain = known.is_call(self.database);
        let ty = match known.returns {
            Returns::First => arguments.iter().find_map(|argument| self.type_of(argument)),
            Returns::Number | Returns::Text | Returns::Moment | Returns::Uuid => None,
        };
        let argument = |argument| match (argument, self.length(argument)) {
            (Expr::Text(_) | Expr::Array(_), _) if ty.is_some() => self.beside(argument, ty.as_ref()),
            (_, Some(_)) if known.name == "octet_length" => self.padded(argument),
            (_, Some(_)) => self.operand(argument),
            (_, None) if plain => self.expr(argument),
            (_, None) => self.tight(argument),
        };
        let arguments = arguments.iter().map(argument).collect::<Result<Vec<_>, _>>()?;
        Ok(known.render(self.database, &arguments))
    }

    fn case(&self, operand: Option<&Expr>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Sql {
        let ty = operand.and_then(|operand| self.type_of(operand));
        let results = arms.iter().map(|(_, then)| then).chain(otherwise);
        let given = typing::common(results.filter_map(|result| self.type_of(result)));
        let mut sql = "CASE".to_owned();
        if let Some(operand) = operand {
            sql += &format!(" {}", self.operand(operand)?);
        }
        for (when, then) in arms {
            let when = if operand.is_some() { self.beside(when, ty.as_ref())? } else { self.expr(when)? };
            sql += &format!(" WHEN {when} THEN {}", self.result(then, given.as_ref())?);
        }
        if let Some(otherwise) = otherwise {
            sql += &format!(" ELSE {}", self.result(otherwise, given.as_ref())?);
        }
        Ok(sql + " END")
    }

    /// What a `case` gives, all of whose results are of one type.
    fn result(&self, expr: &Expr, ty: Option<&Type>) -> Sql {
        match (expr, self.length(expr)) {
            (Expr::Text(_) | Expr::Array(_), _) => self.beside(expr, ty),
            (_, Some(_)) => self.operand(expr),
            (_, None) => self.expr(expr),
        }
    }

    fn only_postgres(&self, expr: &Expr, what: &str, sql: String) -> Sql {
        match self.database {
            Database::Postgres => Ok(sql),
            Database::Sqlite => Err(Unsupported::new(Role::Expression, expr.to_string(), format!("SQLite has no {what}"))),
        }
    }
}

fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}
