//! Operators between operands as SQL.

use crate::dialect::expr::{Writer, not};
use crate::dialect::{Sql, Unsupported, quote, sqlite, typing};
use crate::expr::{Binary, Expr, Kind};
use crate::history::Database;
use crate::problem::Role;
use crate::types::Type;

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

/// Whether a text has no letters of both cases, or none that would count.
fn is_of_one_case(expr: &Expr) -> bool {
    matches!(expr, Expr::Call { function, .. } if function == "lower" || function == "upper")
}

impl Writer<'_> {
    /// Operands from left to right. What the databases read alike without parentheses has none, however many operands there are.
    pub(super) fn chain(&self, first: &Expr, rest: &[(Binary, Expr)]) -> Sql {
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

    pub(super) fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> Sql {
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
    pub(super) fn row_beside(&self, row: &Expr, other: &Expr) -> Sql {
        let (Expr::Row(list), Expr::Row(others)) = (row, other) else { return self.tight(row) };
        let each = list.iter().zip(others).map(|(item, other)| self.beside(item, self.type_of(other).as_ref()));
        Ok(format!("({})", each.collect::<Result<Vec<_>, _>>()?.join(", ")))
    }

    /// SQLite takes a list of rows as the rows of a query only, and a check has no query.
    pub(super) fn row_in(&self, row: &Expr, list: &[Expr], negated: bool) -> Sql {
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
}
