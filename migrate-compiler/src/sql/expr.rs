//! Expressions as SQL.

use crate::expr::{Expr, Unary};
use crate::name::Name;
use crate::print::precedence;
use crate::problem::Role;
use crate::sql::dialect::Writer;
use crate::sql::features::Features;
use crate::sql::{Sql, Unsupported, quote};
use crate::types::Type;
use crate::typing::function::{Function, Returns};
use crate::typing::{self, Inferred, Scope};

/// How many bytes of SQL one expression may take. A cast on SQLite names its operand several times, so that casts inside of casts
/// grow without measure.
const LONGEST: usize = 1 << 20;

impl Writer<'_> {
    /// The expression as a value of a column of the type, as the database would take it by assignment.
    pub fn assigned(&self, expr: &Expr, to: &Type) -> Sql {
        if matches!(expr, Expr::Text(_) | Expr::Array(_)) {
            return self.beside(expr, Some(to));
        }
        self.dialect.assigned(self, expr, to).unwrap_or_else(|| self.expr(expr))
    }

    /// The expression in the database's own words.
    pub fn expr(&self, expr: &Expr) -> Sql {
        self.bounded(self.any_length(expr)?)
    }

    /// In parentheses unless these are not needed: the databases do not agree on how strongly operators bind.
    pub fn tight(&self, expr: &Expr) -> Sql {
        let sql = self.expr(expr)?;
        Ok(if precedence(expr) < 12 && !matches!(expr, Expr::Cast { .. }) { format!("({sql})") } else { sql })
    }

    /// An operand that is used with a value of the type: a literal takes it. On SQLite a plain text is never equal to another kind of value,
    /// and a list of texts is an array of texts on PostgreSQL.
    pub fn beside(&self, expr: &Expr, ty: Option<&Type>) -> Sql {
        ty.and_then(|ty| self.dialect.beside(self, expr, ty)).unwrap_or_else(|| self.operand(expr))
    }

    /// An operand that is compared with each of others: a literal takes their type.
    fn compared<'e>(&self, operand: &Expr, others: impl IntoIterator<Item = &'e Expr>) -> Sql {
        if let Expr::Text(_) | Expr::Array(_) = operand {
            return self.beside(operand, self.common(others.into_iter()).as_ref());
        }
        self.operand(operand)
    }

    /// An operand that is compared or calculated with: of a `char(n)` PostgreSQL then takes no spaces at the end.
    pub fn operand(&self, expr: &Expr) -> Sql {
        let sql = self.tight(expr)?;
        Ok(if self.length(expr).is_some() { self.dialect.trimmed(&sql) } else { sql })
    }

    /// The length of a `char(n)`, where the database neither pads it nor ignores the spaces at its end.
    pub(super) fn length(&self, expr: &Expr) -> Option<u32> {
        if self.features().pads_char {
            return None;
        }
        if let Some(Type::Char(length)) = self.type_of(expr) { Some(length) } else { None }
    }

    /// A text with the spaces up to the length of its type, as PostgreSQL compares a `char(n)` with a pattern.
    pub fn padded(&self, expr: &Expr) -> Sql {
        let text = self.operand(expr)?;
        match (self.length(expr), expr) {
            (None, _) => Ok(text),
            (Some(length), Expr::Column(_) | Expr::Cast { .. }) => Ok(self.dialect.padded(&text, length)),
            (Some(_), _) => {
                let what = format!("the length of `{expr}`, a `char(n)`, is not known on {}", self.dialect.database());
                let unsupported = Unsupported::new(Role::Expression, expr.to_string(), what);
                Err(unsupported.help(format!("write `({expr})::text`")))
            }
        }
    }

    /// The columns, for the inference of a type.
    pub(super) fn scope(&self) -> Scope<'_> {
        Scope { columns: self.columns, frame: self.frame, tables: self.tables, precision: self.features().precision }
    }

    /// The type of an expression as the database keeps its values, where it is known.
    pub fn type_of(&self, expr: &Expr) -> Option<Type> {
        typing::infer(expr, self.scope()).kept()
    }

    /// The type that literals among values take, of which one is the result.
    pub(super) fn common<'e>(&self, values: impl Iterator<Item = &'e Expr>) -> Option<Type> {
        let known: Vec<Inferred> = values.map(|value| typing::infer(value, self.scope())).collect();
        typing::beside(known)
    }

    /// Expressions with commas between.
    pub fn list(&self, list: &[Expr]) -> Sql {
        Ok(list.iter().map(|item| self.expr(item)).collect::<Result<Vec<_>, _>>()?.join(", "))
    }

    /// The elements of an array.
    pub fn array(&self, list: &[Expr]) -> Sql {
        let sql = if list.is_empty() { "'{}'".to_owned() } else { format!("ARRAY[{}]", self.list(list)?) };
        self.having(|features| features.arrays, "arrays", &Expr::Array(list.to_vec()), sql)
    }

    /// What the database has.
    pub fn features(&self) -> &'static Features {
        self.dialect.features()
    }

    pub(super) fn bounded(&self, sql: String) -> Sql {
        if sql.len() <= LONGEST {
            return Ok(sql);
        }
        let what = format!("the expression takes more than {} MB of SQL on {}", LONGEST >> 20, self.dialect.database());
        Err(Unsupported::new(Role::Expression, "", what).help("write it with fewer nested casts"))
    }

    fn any_length(&self, expr: &Expr) -> Sql {
        let not = |negated: &bool| if *negated { "NOT " } else { "" };
        Ok(match expr {
            Expr::Null => "NULL".to_owned(),
            Expr::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
            Expr::Number(digits) => digits.replace('_', ""),
            Expr::Text(text) => quote::text(text),
            Expr::Bytes(bytes) => self.dialect.bytes(bytes),
            Expr::Interval(text) => {
                self.having(|features| features.intervals, "intervals", expr, format!("INTERVAL {}", quote::text(text)))?
            }
            Expr::Array(list) => self.array(list)?,
            Expr::Column(name) => self.column(name),
            Expr::Qualified { table, column } => self.qualified(table, column),
            Expr::Query(query) => format!("({})", self.query(query)?),
            Expr::Exists(query) => format!("EXISTS ({})", self.query(query)?),
            Expr::InQuery { operand, query, negated } => self.in_query(operand, query, not(negated))?,
            Expr::Aggregate { function, arguments, duplicates } => self.aggregate(*function, arguments, *duplicates)?,
            Expr::Current(current) => self.dialect.current(*current)?,
            Expr::Nextval(sequence) => self.nextval(expr, sequence)?,
            Expr::Call { function, arguments } => self.call(function, arguments)?,
            Expr::Unary { operator: Unary::Not, operand } => format!("NOT {}", self.tight(operand)?),
            Expr::Unary { operator: Unary::Minus, operand } => format!("-{}", self.tight(operand)?),
            Expr::Unary { operator: Unary::BitNot, operand } => format!("~{}", self.tight(operand)?),
            Expr::Binary { first, rest } => self.chain(first, rest)?,
            Expr::Is { operand, truth, negated } => {
                format!("{} IS {}{}", self.tight(operand)?, not(negated), self.dialect.truth(*truth))
            }
            Expr::Row(list) => format!("({})", self.list(list)?),
            Expr::IsNull { operand, negated } => format!("{} IS {}NULL", self.tight(operand)?, not(negated)),
            Expr::In { operand, list, negated } if matches!(**operand, Expr::Row(_)) => {
                self.dialect.row_in(self, operand, list, not(negated))?
            }
            Expr::In { operand, list, negated } => {
                let ty = self.type_of(operand);
                let others = list;
                let list = list.iter().map(|item| self.beside(item, ty.as_ref())).collect::<Result<Vec<_>, _>>()?.join(", ");
                format!("{} {}IN ({list})", self.compared(operand, others)?, not(negated))
            }
            Expr::Between { operand, low, high, negated } => {
                let ty = self.type_of(operand);
                let value = self.compared(operand, [&**low, &**high])?;
                let (low, high) = (self.beside(low, ty.as_ref())?, self.beside(high, ty.as_ref())?);
                format!("{value} {}BETWEEN {low} AND {high}", not(negated))
            }
            Expr::Any { operand, array } => {
                let ty = self.type_of(operand).map(|element| Type::Array(Box::new(element)));
                let sql = format!("{} = ANY ({})", self.tight(operand)?, self.beside(array, ty.as_ref())?);
                self.having(|features| features.arrays, "arrays", expr, sql)?
            }
            Expr::Case { operand, arms, otherwise } => self.case(operand.as_deref(), arms, otherwise.as_deref())?,
            Expr::Cast { operand, to } => self.dialect.cast(self, operand, to)?,
            Expr::AtTimeZone { operand, zone } => self.dialect.at_time_zone(self, operand, zone)?,
            Expr::Raw(text) => format!("({text})"),
        })
    }

    fn nextval(&self, expr: &Expr, sequence: &Name) -> Sql {
        let sql = format!("nextval({}::regclass)", quote::text(&quote::name(sequence)));
        self.having(|features| features.sequences, "sequences", expr, sql)
    }

    fn call(&self, function: &str, arguments: &[Expr]) -> Sql {
        let Some(known) = Function::find(function) else {
            return Ok(format!("{}({})", quote::folded(function), self.list(arguments)?));
        };
        let Some(form) = self.dialect.function(known) else {
            let what = format!("{} has no function `{function}`", self.dialect.database());
            return Err(Unsupported::new(Role::Function, function, what));
        };
        let ty = match known.returns {
            Returns::Common | Returns::Compared => self.common(arguments.iter()),
            Returns::Same | Returns::Letters | Returns::Type(_) => None,
        };
        let argument = |argument| match (argument, self.length(argument)) {
            (Expr::Text(_) | Expr::Array(_), _) if ty.is_some() => self.beside(argument, ty.as_ref()),
            (_, Some(_)) if known.name == "octet_length" => self.padded(argument),
            (_, Some(_)) => self.operand(argument),
            (_, None) if form.is_call() => self.expr(argument),
            (_, None) => self.tight(argument),
        };
        let arguments = arguments.iter().map(argument).collect::<Result<Vec<_>, _>>()?;
        Ok(form.write(&arguments))
    }

    fn case(&self, operand: Option<&Expr>, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Sql {
        let ty = operand.and_then(|operand| self.type_of(operand));
        let given = self.common(otherwise.into_iter().chain(arms.iter().map(|(_, then)| then)));
        let mut sql = "CASE".to_owned();
        if let Some(operand) = operand {
            sql += &format!(" {}", self.compared(operand, arms.iter().map(|(when, _)| when))?);
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

    /// The SQL of an expression that needs a feature.
    fn having(&self, feature: fn(&Features) -> bool, what: &str, expr: &Expr, sql: String) -> Sql {
        if feature(self.features()) {
            return Ok(sql);
        }
        Err(Unsupported::new(
            Role::Expression,
            expr.to_string(),
            format!("{what} are not supported on {}", self.dialect.database()),
        ))
    }
}
