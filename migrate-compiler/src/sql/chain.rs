//! Chains of operators: what the databases read alike without parentheses has none, however many operands there are.

use crate::expr::{Binary, Expr, OperatorKind};
use crate::problem::Role;
use crate::sql::dialect::Writer;
use crate::sql::{Sql, Unsupported};

/// The most operands at one level.
const ABREAST: usize = 64;

/// Operands of an operator that may be put in parentheses anywhere.
pub(super) fn balanced(items: &[String], operator: &str) -> String {
    if items.len() <= ABREAST {
        return items.join(operator);
    }
    let (left, right) = items.split_at(items.len() / 2);
    format!("({}){operator}({})", balanced(left, operator), balanced(right, operator))
}

/// The operator of a chain that the databases read alike without parentheses: of one word, or of one kind of calculation.
fn alike(rest: &[(Binary, Expr)]) -> Option<Binary> {
    let (first, _) = rest.first()?;
    let is_one = rest.iter().all(|(operator, _)| operator == first);
    let joins = is_one && matches!(first, Binary::And | Binary::Or | Binary::Concatenate | Binary::BitAnd | Binary::BitOr);
    (joins || first.kind() == OperatorKind::Arithmetic).then_some(*first)
}

fn is_logic(rest: &[(Binary, Expr)]) -> bool {
    rest.first().is_some_and(|(operator, _)| operator.kind() == OperatorKind::Logic)
}

impl Writer<'_> {
    /// Operands from left to right.
    pub(super) fn chain(&self, first: &Expr, rest: &[(Binary, Expr)]) -> Sql {
        if let [(operator, right)] = rest {
            return self.binary(*operator, first, right);
        }
        if let Some(operator) = alike(rest) {
            return self.joined(operator, first, rest);
        }
        self.deep(rest)?;
        let mut left = self.operand(first)?;
        for (operator, right) in rest {
            let sql = self.bounded(self.dialect.applied(*operator, &left, &self.operand(right)?)?)?;
            left = format!("({sql})");
        }
        // The last pair needs no parentheses of its own.
        Ok(left.get(1..left.len() - 1).unwrap_or_default().to_owned())
    }

    /// A chain of one operator, or of `+` and `-`, of `*`, `/` and `%`. What is the same in any order of evaluation is balanced
    /// where the database's expressions have a depth (SQLite: 1,000 levels; manual, "Implementation Limits", section 5).
    fn joined(&self, operator: Binary, first: &Expr, rest: &[(Binary, Expr)]) -> Sql {
        let spelling = self.dialect.operator(operator)?;
        // `and` and `or` are no operands of their own kind here, and everything else binds more strongly than them.
        let is_own = |expr: &Expr| matches!(expr, Expr::Binary { rest, .. } if is_logic(rest));
        let item = |expr: &Expr| {
            if operator.kind() == OperatorKind::Logic && !is_own(expr) { self.expr(expr) } else { self.operand(expr) }
        };
        let associative = matches!(operator, Binary::And | Binary::Or | Binary::Concatenate);
        if self.features().most_operands.is_some() && associative {
            let all = std::iter::once(first).chain(rest.iter().map(|(_, expr)| expr));
            let items = all.map(item).collect::<Result<Vec<_>, _>>()?;
            return Ok(balanced(&items, &format!(" {spelling} ")));
        }
        self.deep(rest)?;
        let mut sql = item(first)?;
        for (operator, right) in rest {
            sql += &format!(" {} {}", self.dialect.operator(*operator)?, item(right)?);
        }
        Ok(sql)
    }

    /// Each operand of a chain may be one more level for the database.
    fn deep(&self, rest: &[(Binary, Expr)]) -> Result<(), Unsupported> {
        let (Some(most), Some((operator, _))) = (self.features().most_operands, rest.first()) else { return Ok(()) };
        if rest.len() < most {
            return Ok(());
        }
        let (word, count) = (operator.spelling(), rest.len() + 1);
        let what = format!("`{word}` joins {count} operands, and {} allows at most {most}", self.dialect.database());
        Err(Unsupported::new(Role::Operator, word, what).help("put parts of the chain in parentheses"))
    }

    fn binary(&self, operator: Binary, left: &Expr, right: &Expr) -> Sql {
        if matches!(operator, Binary::Like | Binary::NotLike) {
            return self.dialect.like(self, left, operator, right);
        }
        let spelling = self.dialect.operator(operator)?;
        match operator.kind() {
            OperatorKind::Logic => self.joined(operator, left, &[(operator, right.clone())]),
            OperatorKind::Comparison if matches!(left, Expr::Row(_)) => {
                Ok(format!("{} {spelling} {}", self.row_beside(left, right)?, self.row_beside(right, left)?))
            }
            OperatorKind::Comparison => {
                let both = self.common([left, right].into_iter().filter(|side| matches!(side, Expr::Array(_))));
                let (own, other) = (self.type_of(left).or(both.clone()), self.type_of(right).or(both));
                Ok(format!("{} {spelling} {}", self.beside(left, other.as_ref())?, self.beside(right, own.as_ref())?))
            }
            OperatorKind::Bits => {
                self.dialect.shift(self, operator, left, right)?;
                self.dialect.applied(operator, &self.tight(left)?, &self.operand(right)?)
            }
            OperatorKind::Pattern
            | OperatorKind::Arithmetic
            | OperatorKind::Concatenation
            | OperatorKind::Json
            | OperatorKind::JsonText => self.dialect.applied(operator, &self.operand(left)?, &self.operand(right)?),
        }
    }

    /// A row that is compared with a row: each value takes the type of the value that it is compared with.
    pub(super) fn row_beside(&self, row: &Expr, other: &Expr) -> Sql {
        let (Expr::Row(list), Expr::Row(others)) = (row, other) else { return self.tight(row) };
        let each = list.iter().zip(others).map(|(item, other)| self.beside(item, self.type_of(other).as_ref()));
        Ok(format!("({})", each.collect::<Result<Vec<_>, _>>()?.join(", ")))
    }
}
