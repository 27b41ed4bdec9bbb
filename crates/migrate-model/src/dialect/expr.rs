//! Expressions as SQL.

use crate::dialect::function::{Function, Returns, SQLITE_NOW};
use crate::dialect::typing::{self, type_of};
use crate::dialect::{Sql, Unsupported, quote, sqlite, type_name};
use crate::expr::{Current, Expr, Truth, Unary};
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

/// The current moment as a value of a type of SQLite; `None` for what is something else.
fn moment(expr: &Expr, to: &Type) -> Option<String> {
    sqlite::moment::current(expr.current()?, to)
}

/// Writes an expression for a database.
pub(super) struct Writer<'a> {
    pub(super) database: Database,
    pub(super) columns: &'a [Column],
}

/// How many bytes of SQL one expression may take. A cast on SQLite names its operand several times, so that casts inside of casts
/// grow without measure.
const LONGEST: usize = 1 << 20;

impl Writer<'_> {
    pub(super) fn expr(&self, expr: &Expr) -> Sql {
        self.bounded(self.any_length(expr)?)
    }

    pub(super) fn bounded(&self, sql: String) -> Sql {
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
    pub(super) fn tight(&self, expr: &Expr) -> Sql {
        let sql = self.expr(expr)?;
        Ok(if precedence(expr) < 12 && !matches!(expr, Expr::Cast { .. }) { format!("({sql})") } else { sql })
    }

    /// An operand that is compared or calculated with: of a `char(n)` PostgreSQL then takes no spaces at the end.
    pub(super) fn operand(&self, expr: &Expr) -> Sql {
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
    pub(super) fn padded(&self, expr: &Expr) -> Sql {
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
    pub(super) fn beside(&self, expr: &Expr, ty: Option<&Type>) -> Sql {
        match (self.database, expr, ty) {
            (Database::Sqlite, Expr::Text(text), Some(ty)) => sqlite::literal::text(text, ty),
            (Database::Postgres, Expr::Array(list), Some(ty @ Type::Array(_))) => {
                Ok(format!("{}::{}", self.array(expr, list)?, type_name(self.database, ty)?))
            }
            (Database::Postgres | Database::Sqlite, _, _) => self.operand(expr),
        }
    }

    pub(super) fn type_of(&self, expr: &Expr) -> Option<Type> {
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

pub(super) fn not(negated: bool) -> &'static str {
    if negated { "NOT " } else { "" }
}
