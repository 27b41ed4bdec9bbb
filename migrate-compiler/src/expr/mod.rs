//! Expressions: defaults, checks, index keys and predicates.

mod aggregate;
mod constant;
mod operator;
mod place;
mod qualify;
mod select;
mod text;
mod words;

pub use self::aggregate::Aggregate;
pub use self::constant::{CurrentValue, Truth};
pub use self::operator::{Binary, OperatorKind, Unary};
pub use self::select::{Duplicates, FromTable, Join, Order, Select};
pub use self::text::StringLiteral;
use crate::mention::has_word;
use crate::name::Name;
use crate::types::Type;

pub use words::{CALLED_WORDS, WORDS};

/// An expression of the language. Parentheses are in the tree; printing puts back those that are needed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number as it was written.
    Number(String),
    /// `"text"`, `text "text"`; it takes the type of the other operand.
    Text(StringLiteral),
    /// `b"\x00"`
    Bytes(Vec<u8>),
    /// `interval "90 days"`
    Interval(String),
    /// `["a", "b"]`
    Array(Vec<Expr>),
    /// A column of the table that the expression belongs to; in a query one of its tables, until the schema says [which](Expr::qualify).
    Column(String),
    /// `u.name`: a column of a table of a query, of the query around it, or of the statement.
    Qualified {
        /// The table, by the name that the query gives it.
        table: Name,
        /// The column.
        column: String,
    },
    /// `current_timestamp`, `current_date`, `current_time`
    Current(CurrentValue),
    /// `nextval(builds_id_seq)`
    Nextval(Name),
    /// `lower(email)`
    Call {
        /// The function, in lower case.
        function: String,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `not x`, `-x`
    Unary {
        /// The operator.
        operator: Unary,
        /// Its operand.
        operand: Box<Expr>,
    },
    /// `a = b`, `a + b - c`: operands joined from left to right by operators of one precedence. A list and not a tree, so that a
    /// condition of thousands of terms is not thousands of levels deep.
    Binary {
        /// The first operand.
        first: Box<Expr>,
        /// Each operator with the operand after it; at least one. Several only where the operators [chain](Binary::chains).
        rest: Vec<(Binary, Expr)>,
    },
    /// `x is null`, `x is not null`
    IsNull {
        /// The operand.
        operand: Box<Expr>,
        /// Whether `not` is there.
        negated: bool,
    },
    /// `x is true`, `x is not unknown`
    Is {
        /// The operand.
        operand: Box<Expr>,
        /// What it is compared with.
        truth: Truth,
        /// Whether `not` is there.
        negated: bool,
    },
    /// `(a, b)`: two values or more that are compared together with another row.
    Row(Vec<Expr>),
    /// `x in (a, b)`, `x not in (a, b)`
    In {
        /// What is looked for.
        operand: Box<Expr>,
        /// Where.
        list: Vec<Expr>,
        /// Whether `not` is there.
        negated: bool,
    },
    /// `(select max(y) from t)`: one value.
    Query(Box<Select>),
    /// `exists (select 1 from t where …)`
    Exists(Box<Select>),
    /// `x in (select y from t)`, `x not in (select y from t)`
    InQuery {
        /// What is looked for.
        operand: Box<Expr>,
        /// Where.
        query: Box<Select>,
        /// Whether `not` is there.
        negated: bool,
    },
    /// `max(y)`, `count(*)`, `count(distinct y)`: a value of all rows of a query, or of each of its groups.
    Aggregate {
        /// What is made of the rows.
        function: Aggregate,
        /// Its arguments; none in `count(*)`.
        arguments: Vec<Expr>,
        /// Whether equal values count once.
        duplicates: Duplicates,
    },
    /// `x between a and b`
    Between {
        /// The operand.
        operand: Box<Expr>,
        /// The lower bound, included.
        low: Box<Expr>,
        /// The upper bound, included.
        high: Box<Expr>,
        /// Whether `not` is there.
        negated: bool,
    },
    /// `x = any(tags)`, the column being an array
    Any {
        /// What is looked for.
        operand: Box<Expr>,
        /// The array.
        array: Box<Expr>,
    },
    /// `case … end`
    Case {
        /// What a simple case compares.
        operand: Option<Box<Expr>>,
        /// `when … then …`
        arms: Vec<(Expr, Expr)>,
        /// `else …`
        otherwise: Option<Box<Expr>>,
    },
    /// `x::bigint`
    Cast {
        /// What is cast.
        operand: Box<Expr>,
        /// To what.
        to: Type,
    },
    /// `x at time zone "UTC"`
    AtTimeZone {
        /// The moment.
        operand: Box<Expr>,
        /// The zone.
        zone: Box<Expr>,
    },
    /// `sql("…")`: the text as it is
    Raw(String),
}

impl Expr {
    /// A column by its name.
    pub fn column(name: impl Into<String>) -> Expr {
        Expr::Column(name.into())
    }

    /// `left operator right`. The expression on the left is continued where it is a chain of the same precedence.
    pub fn binary(left: Expr, operator: Binary, right: Expr) -> Expr {
        if let Expr::Binary { first, mut rest } = left {
            if operator.chains() && precedence_of(&rest) == Some(operator.precedence()) {
                rest.push((operator, right));
                return Expr::Binary { first, rest };
            }
            return Expr::Binary { first: Box::new(Expr::Binary { first, rest }), rest: vec![(operator, right)] };
        }
        Expr::Binary { first: Box::new(left), rest: vec![(operator, right)] }
    }

    /// How many levels deep it is; a literal or a column is one. Walked without recursion, so that it can be asked of every tree.
    pub fn height(&self) -> usize {
        let mut height = 0;
        let mut level = vec![self];
        while !level.is_empty() {
            height += 1;
            level = level.into_iter().flat_map(Expr::parts).collect();
        }
        height
    }

    /// The digits of a number.
    pub fn digits(&self) -> Option<&str> {
        if let Expr::Number(digits) = self { Some(digits) } else { None }
    }

    /// Whether it is a number as it was written, perhaps with a sign.
    pub fn is_number(&self) -> bool {
        match self.digits() {
            Some(_) => true,
            None => matches!(self, Expr::Unary { operator: Unary::Minus, operand } if operand.digits().is_some()),
        }
    }

    /// The current moment, date or time, by whichever word.
    pub fn current(&self) -> Option<CurrentValue> {
        if let Expr::Current(current) = self {
            return Some(*current);
        }
        let is_now = matches!(self, Expr::Call { function, arguments } if function == "now" && arguments.is_empty());
        is_now.then_some(CurrentValue::Timestamp)
    }

    /// Whether it takes the next number of a sequence.
    pub fn takes_number_of(&self, sequence: &Name) -> bool {
        let mut found = false;
        self.walk(&mut |part| found |= matches!(part, Expr::Nextval(of) if of == sequence));
        found
    }

    /// Calls `visit` with every part, itself first.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for part in self.parts() {
            part.walk(visit);
        }
    }

    /// The expressions directly inside this one.
    pub fn parts(&self) -> Vec<&Expr> {
        match self {
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => Vec::new(),
            Expr::Column(_) | Expr::Qualified { .. } | Expr::Current(_) | Expr::Nextval(_) | Expr::Raw(_) => Vec::new(),
            Expr::Array(list) | Expr::Row(list) | Expr::Call { arguments: list, .. } => list.iter().collect(),
            Expr::Aggregate { arguments, .. } => arguments.iter().collect(),
            Expr::Query(query) | Expr::Exists(query) => query.parts(),
            Expr::InQuery { operand, query, .. } => std::iter::once(&**operand).chain(query.parts()).collect(),
            Expr::Unary { operand, .. } | Expr::IsNull { operand, .. } => vec![operand],
            Expr::Is { operand, .. } | Expr::Cast { operand, .. } => vec![operand],
            Expr::Binary { first, rest } => std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand)).collect(),
            Expr::In { operand, list, .. } => std::iter::once(&**operand).chain(list).collect(),
            Expr::Between { operand, low, high, .. } => vec![operand, low, high],
            Expr::Any { operand, array } => vec![operand, array],
            Expr::AtTimeZone { operand, zone } => vec![operand, zone],
            Expr::Case { operand, arms, otherwise } => {
                let arms = arms.iter().flat_map(|(when, then)| [when, then]);
                operand.as_deref().into_iter().chain(arms).chain(otherwise.as_deref()).collect()
            }
        }
    }

    /// The expressions directly inside this one, to be changed.
    pub fn parts_mut(&mut self) -> Vec<&mut Expr> {
        match self {
            Expr::Null | Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) => Vec::new(),
            Expr::Column(_) | Expr::Qualified { .. } | Expr::Current(_) | Expr::Nextval(_) | Expr::Raw(_) => Vec::new(),
            Expr::Array(list) | Expr::Row(list) | Expr::Call { arguments: list, .. } => list.iter_mut().collect(),
            Expr::Aggregate { arguments, .. } => arguments.iter_mut().collect(),
            Expr::Query(query) | Expr::Exists(query) => query.parts_mut(),
            Expr::InQuery { operand, query, .. } => std::iter::once(&mut **operand).chain(query.parts_mut()).collect(),
            Expr::Unary { operand, .. } | Expr::IsNull { operand, .. } => vec![operand],
            Expr::Is { operand, .. } | Expr::Cast { operand, .. } => vec![operand],
            Expr::Binary { first, rest } => {
                std::iter::once(&mut **first).chain(rest.iter_mut().map(|(_, operand)| operand)).collect()
            }
            Expr::In { operand, list, .. } => std::iter::once(&mut **operand).chain(list).collect(),
            Expr::Between { operand, low, high, .. } => vec![operand, low, high],
            Expr::Any { operand, array } => vec![operand, array],
            Expr::AtTimeZone { operand, zone } => vec![operand, zone],
            Expr::Case { operand, arms, otherwise } => {
                let arms = arms.iter_mut().flat_map(|(when, then)| [when, then]);
                operand.as_deref_mut().into_iter().chain(arms).chain(otherwise.as_deref_mut()).collect()
            }
        }
    }

    /// The columns of its own table that it names, each once, in order of appearance. Those of queries in it are other tables' columns.
    pub fn columns(&self) -> Vec<&str> {
        let mut columns: Vec<&str> = Vec::new();
        self.walk_own(&mut |part| {
            if let Expr::Column(name) = part
                && !columns.contains(&name.as_str())
            {
                columns.push(name);
            }
        });
        columns
    }

    /// Whether it is null for certain.
    pub fn is_null(&self) -> bool {
        match self {
            Expr::Null => true,
            Expr::Cast { operand, .. } => operand.is_null(),
            Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Array(_) => false,
            Expr::Column(_) | Expr::Current(_) | Expr::Nextval(_) | Expr::Raw(_) | Expr::Call { .. } => false,
            Expr::Unary { .. } | Expr::Binary { .. } | Expr::IsNull { .. } | Expr::In { .. } | Expr::Between { .. } => false,
            Expr::Is { .. } | Expr::Row(_) | Expr::Any { .. } | Expr::Case { .. } | Expr::AtTimeZone { .. } => false,
            Expr::Qualified { .. } | Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } | Expr::Aggregate { .. } => false,
        }
    }

    /// Whether it is null in each row in which these columns are null.
    ///
    /// Source: PostgreSQL manual, "Comparison Functions and Operators"; SQLite manual, "NULL Handling in SQLite".
    pub fn is_null_where(&self, column_is_null: &dyn Fn(&str) -> bool) -> bool {
        let null = |part: &Expr| part.is_null_where(column_is_null);
        match self {
            Expr::Null => true,
            Expr::Column(name) => column_is_null(name),
            Expr::Unary { operand, .. } | Expr::Cast { operand, .. } => null(operand),
            Expr::Between { operand, .. } | Expr::AtTimeZone { operand, .. } => null(operand),
            Expr::In { operand, list, .. } => !list.is_empty() && null(operand),
            Expr::Binary { first, rest } => {
                let mut operands = std::iter::once(&**first).chain(rest.iter().map(|(_, operand)| operand));
                let one_is_enough = rest.iter().all(|(operator, _)| operator.keeps_null());
                let is_null = if one_is_enough { operands.any(null) } else { operands.all(null) };
                is_null && rest.iter().all(|(operator, _)| operator.is_null_of_nulls())
            }
            Expr::Bool(_) | Expr::Number(_) | Expr::Text(_) | Expr::Bytes(_) | Expr::Interval(_) | Expr::Array(_) => false,
            Expr::Current(_) | Expr::Nextval(_) | Expr::Raw(_) | Expr::Call { .. } | Expr::IsNull { .. } => false,
            Expr::Is { .. } | Expr::Row(_) | Expr::Any { .. } | Expr::Case { .. } => false,
            // Which rows a query has is not known.
            Expr::Qualified { .. } | Expr::Query(_) | Expr::Exists(_) | Expr::InQuery { .. } | Expr::Aggregate { .. } => false,
        }
    }

    /// Whether it names a column or, in raw SQL, the word of it. In a query the name may be that of another table's column.
    pub fn may_use(&self, column: &str) -> bool {
        let mut used = self.may_use_in_raw(column);
        self.walk(&mut |part| {
            if let Expr::Column(name) | Expr::Qualified { column: name, .. } = part {
                used |= name == column;
            }
        });
        used
    }

    /// Whether raw SQL in it has the word of a column.
    pub fn may_use_in_raw(&self, column: &str) -> bool {
        let mut used = false;
        self.walk(&mut |part| {
            if let Expr::Raw(text) = part {
                used |= has_word(text, column);
            }
        });
        used
    }

    /// Writes another text for the string literals of this one.
    pub fn rename_text(&mut self, from: &str, to: &str) {
        if let Expr::Text(text) = self
            && **text == *from
        {
            *text = if text.is_typed() { StringLiteral::typed(to) } else { to.into() };
        }
        self.parts_mut().into_iter().for_each(|part| part.rename_text(from, to));
    }

    /// Follows a column to its new name.
    pub fn rename_column(&mut self, from: &str, to: &str) {
        if let Expr::Column(name) = self
            && name == from
        {
            *name = to.to_owned();
        }
        for part in self.parts_mut() {
            part.rename_column(from, to);
        }
    }
}

/// How strongly the operators of a chain bind, which are all of one precedence.
fn precedence_of(rest: &[(Binary, Expr)]) -> Option<u8> {
    rest.first().map(|(operator, _)| operator.precedence())
}
