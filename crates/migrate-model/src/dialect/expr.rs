//! Expressions as SQL.

use crate::dialect::function::Function;
use crate::dialect::{Sql, Unsupported, quote, type_name};
use crate::expr::{Binary, Expr, Unary};
use crate::history::Database;
use crate::name::Name;
use crate::print::precedence;
use crate::problem::Role;

/// The expression in a database's own words.
pub(super) fn render(database: Database, expr: &Expr) -> Sql {
    Writer { database }.expr(expr)
}

struct Writer {
    database: Database,
}

impl Writer {
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
            Expr::Current(current) => current.word().to_uppercase(),
            Expr::Nextval(sequence) => self.nextval(expr, sequence)?,
            Expr::Call { function, arguments } => self.call(function, arguments)?,
            Expr::Unary { operator: Unary::Not, operand } => format!("NOT {}", self.tight(operand)?),
            Expr::Unary { operator: Unary::Minus, operand } => format!("-{}", self.tight(operand)?),
            Expr::Binary { operator, left, right } => self.binary(*operator, left, right)?,
            Expr::IsNull { operand, negated } => format!("{} IS {}NULL", self.tight(operand)?, not(*negated)),
            Expr::In { operand, list, negated } => format!("{} {}IN ({})", self.tight(operand)?, not(*negated), self.list(list)?),
            Expr::Between { operand, low, high, negated } => {
                let (operand, low, high) = (self.tight(operand)?, self.tight(low)?, self.tight(high)?);
                format!("{operand} {}BETWEEN {low} AND {high}", not(*negated))
            }
            Expr::Any { operand, array } => {
                let sql = format!("{} = ANY ({})", self.tight(operand)?, self.expr(array)?);
                self.only_postgres(expr, "arrays", sql)?
            }
            Expr::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref())?,
            Expr::Cast { operand, to } => format!("CAST({} AS {})", self.expr(operand)?, type_name(self.database, to)?),
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

    fn list(&self, list: &[Expr]) -> Sql {
        Ok(list.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> Sql {
        let spelling = self.operator(operator)?;
        let side = |side: &Expr| match (operator, side) {
            // What is joined by the same word needs no parentheses, and everything else binds more strongly than it.
            (Binary::And | Binary::Or, Expr::Binary { operator: inner, .. })
                if matches!(inner, Binary::And | Binary::Or) && *inner != operator =>
            {
                self.tight(side)
            }
            (Binary::And | Binary::Or, _) => self.expr(side),
            _ => self.tight(side),
        };
        Ok(format!("{} {spelling} {}", side(left)?, side(right)?))
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
        let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        match self.database {
            Database::Postgres => format!("'\\x{digits}'::bytea"),
            Database::Sqlite => format!("X'{digits}'"),
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
        let arguments = arguments.iter().map(|argument| self.expr(argument)).collect::<Result<Vec<_>, _>>()?;
        match Function::find(function) {
            Some(known) => Ok(known.render(self.database, &arguments)),
            None => Ok(format!("{function}({})", arguments.join(", "))),
        }
    }

    fn case(&self, operand: Option<&Expr>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Sql {
        let mut sql = "CASE".to_owned();
        if let Some(operand) = operand {
            sql += &format!(" {}", self.tight(operand)?);
        }
        for (when, then) in arms {
            sql += &format!(" WHEN {} THEN {}", self.expr(when)?, self.expr(then)?);
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
