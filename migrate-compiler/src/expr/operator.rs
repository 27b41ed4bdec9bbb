//! The operators of expressions.

/// An operator with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unary {
    /// `not x`
    Not,
    /// `-x`
    Minus,
    /// `~x`
    BitNot,
}

impl Unary {
    /// Its name among the words of an expression: in `a - -b` the second minus is another operator than the first.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Unary::Not => "not",
            Unary::Minus => "unary -",
            Unary::BitNot => "~",
        }
    }
}

/// Declares the operators once: name, spelling, precedence, kind. Readers walk the list.
macro_rules! binary_operators {
    ($($name:ident $spelling:literal $precedence:literal $kind:ident),* $(,)?) => {
        /// An operator between two operands.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Binary { $(#[doc = concat!("`", $spelling, "`")] $name),* }

        impl Binary {
            /// Every operator, the longer spellings before those that begin them.
            pub const ALL: &[Binary] = &[$(Binary::$name),*];

            /// How it is written.
            pub const fn spelling(self) -> &'static str {
                match self { $(Binary::$name => $spelling),* }
            }

            /// How strongly it binds; a greater number binds more strongly.
            ///
            /// Source: PostgreSQL manual, "Lexical Structure", table "Operator Precedence".
            pub const fn precedence(self) -> u8 {
                match self { $(Binary::$name => $precedence),* }
            }

            /// Whether a row of such operators is read from left to right: comparisons and patterns are not.
            pub const fn chains(self) -> bool {
                !matches!(self.precedence(), 3..=5)
            }

            /// What it asks of its operands and gives back.
            pub const fn kind(self) -> OperatorKind {
                match self { $(Binary::$name => OperatorKind::$kind),* }
            }
        }
    };
}

/// What an operator asks of its operands and gives back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperatorKind {
    /// Two conditions; gives a condition.
    Logic,
    /// Two values of one family; gives a condition.
    Comparison,
    /// Two texts; gives a condition.
    Pattern,
    /// Two numbers, or a moment and an interval.
    Arithmetic,
    /// Two texts or arrays; gives one.
    Concatenation,
    /// A json value and a key.
    Json,
    /// A json value and a key; gives text.
    JsonText,
    /// Two whole numbers; gives one. Of two values of a type of one database, only that knows what it gives.
    Bits,
}

binary_operators! {
    IsNotDistinctFrom "is not distinct from" 3 Comparison,
    IsDistinctFrom "is distinct from" 3 Comparison,
    NotILike "not ilike" 5 Pattern,
    NotLike "not like" 5 Pattern,
    ILike "ilike" 5 Pattern,
    Like "like" 5 Pattern,
    NotSimilarTo "not similar to" 5 Pattern,
    SimilarTo "similar to" 5 Pattern,
    Or "or" 1 Logic,
    And "and" 2 Logic,
    JsonPathText "#>>" 6 JsonText,
    JsonPath "#>" 6 Json,
    JsonGetText "->>" 6 JsonText,
    JsonGet "->" 6 Json,
    NotMatchesInsensitive "!~*" 6 Pattern,
    NotMatches "!~" 6 Pattern,
    MatchesInsensitive "~*" 6 Pattern,
    Matches "~" 6 Pattern,
    Concatenate "||" 6 Concatenation,
    ShiftLeft "<<" 6 Bits,
    ShiftRight ">>" 6 Bits,
    BitAnd "&" 6 Bits,
    BitOr "|" 6 Bits,
    BitXor "#" 6 Bits,
    LessOrEqual "<=" 4 Comparison,
    GreaterOrEqual ">=" 4 Comparison,
    NotEqual "<>" 4 Comparison,
    Less "<" 4 Comparison,
    Greater ">" 4 Comparison,
    Equal "=" 4 Comparison,
    Add "+" 7 Arithmetic,
    Subtract "-" 7 Arithmetic,
    Multiply "*" 8 Arithmetic,
    Divide "/" 8 Arithmetic,
    Remainder "%" 8 Arithmetic,
}

impl Binary {
    /// Whether it gives null as soon as one of its operands is null. `and`, `or` and the two of `is distinct from` do not, and `||` puts
    /// null before an array.
    pub const fn keeps_null(self) -> bool {
        match self.kind() {
            OperatorKind::Comparison => self.is_null_of_nulls(),
            OperatorKind::Pattern
            | OperatorKind::Arithmetic
            | OperatorKind::Json
            | OperatorKind::JsonText
            | OperatorKind::Bits => true,
            OperatorKind::Logic | OperatorKind::Concatenation => false,
        }
    }

    /// Whether it gives null where all of its operands are null.
    pub const fn is_null_of_nulls(self) -> bool {
        !matches!(self, Binary::IsDistinctFrom | Binary::IsNotDistinctFrom)
    }
}
