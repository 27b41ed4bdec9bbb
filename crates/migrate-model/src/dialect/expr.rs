//! Expressions as SQL.

use crate::dialect::function::{Function, SQLITE_NOW};
use crate::dialect::typing::type_of;
use crate::dialect::{Sql, Unsupported, quote, sqlite, type_name};
use crate::expr::{Binary, Current, Expr, Kind, Unary};
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

/// Whether a text has no letters of both cases, or none that would count.
fn is_of_one_case(expr: &Expr) -> bool {
    matches!(expr, Expr::Call { function, .. } if function == "lower" || function == "upper")
}

struct Writer<'a> {
    database: Database,
    columns: &'a [Column],
}

impl Writer<'_> {
    fn expr(&self, expr: &Expr) -> Sql {
        Ok(match expr {
            Expr::Null => "NULL".to_owned(),
            Expr::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            Expr::Number(digits) => digits.replace('_', ""),
            Expr::Text(text) => quote::text(text),
            Expr::Bytes(bytes) => self.bytes(bytes),
            Expr::Interval(text) => self.only_postgres(expr, "intervals", format!("INTERVAL {}", quote::text(text)))?,
            Expr::Array(list) => self.array(expr, list)?,
            Expr::Column(name) => quote::ident(name),
            Expr::Current(current) => self.current(*current),
            Expr::Nextval(sequence) => self.nextval(expr, sequence)?,
            Expr::Call { function, arguments } => self.call(function, arguments)?,
            Expr::Unary { operator: Unary::Not, operand } => format!("NOT {}", self.tight(operand)?),
            Expr::Unary { operator: Unary::Minus, operand } => format!("-{}", self.tight(operand)?),
            Expr::Binary { operator, left, right } => self.binary(*operator, left, right)?,
            Expr::IsNull { operand, negated } => format!("{} IS {}NULL", self.tight(operand)?, not(*negated)),
            Expr::In { operand, list, negated } => {
                let ty = self.type_of(operand);
                let list = list.iter().map(|item| self.beside(item, ty.as_ref())).collect::<Result<Vec<_>, _>>()?;
                format!("{} {}IN ({})", self.tight(operand)?, not(*negated), list.join(", "))
            }
            Expr::Between { operand, low, high, negated } => {
                let ty = self.type_of(operand);
                let (low, high) = (self.beside(low, ty.as_ref())?, self.beside(high, ty.as_ref())?);
                format!("{} {}BETWEEN {low} AND {high}", self.tight(operand)?, not(*negated))
            }
            Expr::Any { operand, array } => {
                let ty = self.type_of(operand).map(|element| Type::Array(Box::new(element)));
                let sql = format!("{} = ANY ({})", self.tight(operand)?, self.beside(array, ty.as_ref())?);
                self.only_postgres(expr, "arrays", sql)?
            }
            Expr::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref())?,
            Expr::Cast { operand, to } => self.cast(operand, to)?,
            Expr::AtTimeZone { operand, zone } => {
                let sql = format!("{} AT TIME ZONE {}", self.tight(operand)?, self.tight(zone)?);
                self.only_postgres(expr, "time zones", sql)?
            }
            Expr::Raw(text) => format!("({text})"),
        })
    }

    /// In parentheses unless it holds together by itself: the databases do not agree on how strongly operators bind.
    fn tight(&self, expr: &Expr) -> Sql {
        let sql = self.expr(expr)?;
        Ok(if precedence(expr) < 12 && !matches!(expr, Expr::Cast { .. }) { format!("({sql})") } else { sql })
    }

    /// An operand beside a value of the type: a literal takes it. Text by itself is never equal to another kind of value on SQLite,
    /// and a list of texts is an array of texts on PostgreSQL.
    fn beside(&self, expr: &Expr, ty: Option<&Type>) -> Sql {
        match (self.database, expr, ty) {
            (Database::Sqlite, Expr::Text(text), Some(ty)) => sqlite::literal::text(text, ty),
            (Database::Postgres, Expr::Array(list), Some(ty @ Type::Array(_))) => {
                Ok(format!("{}::{}", self.array(expr, list)?, type_name(self.database, ty)?))
            }
            (Database::Postgres | Database::Sqlite, _, _) => self.tight(expr),
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
    fn current(&self, current: Current) -> String {
        match (self.database, current) {
            (Database::Sqlite, Current::Timestamp) => SQLITE_NOW.to_owned(),
            (Database::Postgres | Database::Sqlite, _) => current.word().to_uppercase(),
        }
    }

    fn list(&self, list: &[Expr]) -> Sql {
        Ok(list.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> Sql {
        let spelling = self.operator(operator)?;
        match (self.database, operator) {
            (Database::Sqlite, Binary::JsonGetText) => {
                return Ok(sqlite::cast::json_text(&self.tight(left)?, &self.tight(right)?));
            }
            (Database::Sqlite, Binary::Like | Binary::NotLike) => return self.like(left, operator == Binary::NotLike, right),
            _ => {}
        }
        let side = |side: &Expr, other: &Expr| match (operator, side) {
            // What is joined by the same word needs no parentheses, and everything else binds more strongly than it.
            (Binary::And | Binary::Or, Expr::Binary { operator: inner, .. })
                if matches!(inner, Binary::And | Binary::Or) && *inner != operator =>
            {
                self.tight(side)
            }
            (Binary::And | Binary::Or, _) => self.expr(side),
            _ if operator.kind() == Kind::Comparison => self.beside(side, self.type_of(other).as_ref()),
            _ => self.tight(side),
        };
        Ok(format!("{} {spelling} {}", side(left, right)?, side(right, left)?))
    }

    /// SQLite's `LIKE` takes `a` for `A`, and knows no escape by itself; its `GLOB` tells them apart.
    fn like(&self, left: &Expr, negated: bool, right: &Expr) -> Sql {
        let (text, not) = (self.tight(left)?, not(negated));
        if let Expr::Text(pattern) = right {
            return Ok(format!("{text} {not}GLOB {}", quote::text(&sqlite::literal::glob(pattern))));
        }
        if ![left, right].into_iter().all(is_of_one_case) {
            let word = if negated { "not like" } else { "like" };
            let what = "SQLite's `like` takes `a` for `A`, and the pattern is not known";
            return Err(Unsupported::new(Role::Operator, word, what).help("write `lower(a) like lower(b)`"));
        }
        Ok(format!("{text} {not}LIKE {} ESCAPE '\\'", self.tight(right)?))
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
            (Database::Sqlite, Binary::Contained) => unsupported("keep the condition to PostgreSQL"),
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
        let argument = |argument| if plain { self.expr(argument) } else { self.tight(argument) };
        let arguments = arguments.iter().map(argument).collect::<Result<Vec<_>, _>>()?;
        Ok(known.render(self.database, &arguments))
    }

    fn case(&self, operand: Option<&Expr>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Sql {
        let ty = operand.and_then(|operand| self.type_of(operand));
        let mut sql = "CASE".to_owned();
        if let Some(operand) = operand {
            sql += &format!(" {}", self.tight(operand)?);
        }
        for (when, then) in arms {
            let when = if operand.is_some() { self.beside(when, ty.as_ref())? } else { self.expr(when)? };
            sql += &format!(" WHEN {when} THEN {}", self.expr(then)?);
        }
        if let Some(otherwise) = otherwise {
            sql += &format!(" ELSE {}", self.expr(otherwise)?);
        }
        Ok(sql + " END")
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
