//! The types of columns.

use std::fmt;

pub use crate::conversion::Conversion;
pub(crate) use crate::conversion::is_alone;
pub use crate::enum_type::{Becomes, EnumType};
use crate::name::WrittenWord;
use migrate_history::Database;

/// A column's type as the language names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `boolean`
    Boolean,
    /// `smallint`, 16 bits
    SmallInt,
    /// `integer`, 32 bits
    Integer,
    /// `bigint`, 64 bits
    BigInt,
    /// `real`, 32 bits
    Real,
    /// `double`, 64 bits
    Double,
    /// `decimal`, `decimal(p)`, `decimal(p, s)`
    Decimal {
        /// Digits in all; unbounded when absent.
        precision: Option<u16>,
        /// Digits after the point; 0 when only the precision is given.
        scale: Option<u16>,
    },
    /// `text`
    Text,
    /// `varchar`, `varchar(n)`, n in characters
    Varchar(Option<u32>),
    /// `char(n)`, n in characters
    Char(u32),
    /// `bytes`
    Bytes,
    /// `uuid`
    Uuid,
    /// `date`
    Date,
    /// `time`
    Time,
    /// `timestamp`, without a time zone
    Timestamp,
    /// `timestamptz`, a point in time
    Timestamptz,
    /// `interval`
    Interval,
    /// `json`
    Json,
    /// `mood`, an enum of the history
    Enum(EnumType),
    /// `T[]`
    Array(Box<Type>),
    /// `postgres::tsvector`, a type that one database alone has
    Native(Native),
}

/// A type of one database, passed through as it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Native {
    /// The database that has it.
    pub database: Database,
    /// Its name there.
    pub name: String,
    /// The content of its parentheses.
    pub arguments: Vec<u32>,
}

/// Types whose values the databases compare and assign to one another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Family {
    /// `boolean`
    Boolean,
    /// every number
    Number,
    /// `text`, `varchar`, `char`
    Text,
    /// `bytes`
    Bytes,
    /// `uuid`
    Uuid,
    /// `date`, `timestamp`, `timestamptz`
    Moment,
    /// `time`
    Time,
    /// `interval`
    Interval,
    /// `json`
    Json,
    /// an enum, comparable with itself
    Enum(EnumType),
    /// an array of such
    Array(Box<Family>),
    /// a type of one database, comparable with itself
    Native(String),
}

/// What people write for a type that has another name here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("i8", "smallint"),
    ("i16", "smallint"),
    ("i32", "integer"),
    ("i64", "bigint"),
    ("isize", "bigint"),
    ("u8", "smallint"),
    ("u16", "integer"),
    ("u32", "bigint"),
    ("u64", "bigint"),
    ("usize", "bigint"),
    ("bool", "boolean"),
    ("string", "text"),
    ("str", "text"),
    ("clob", "text"),
    ("nvarchar", "varchar"),
    ("varchar2", "varchar"),
    ("character", "char"),
    ("float", "double"),
    ("float4", "real"),
    ("float8", "double"),
    ("f32", "real"),
    ("f64", "double"),
    ("numeric", "decimal"),
    ("number", "decimal"),
    ("money", "decimal(15, 2)"),
    ("datetime", "timestamptz"),
    ("systemtime", "timestamptz"),
    ("instant", "timestamptz"),
    ("jsonb", "json"),
    ("bytea", "bytes"),
    ("blob", "bytes"),
    ("binary", "bytes"),
    ("varbinary", "bytes"),
    ("guid", "uuid"),
    ("tinyint", "smallint"),
    ("mediumint", "integer"),
    ("tinytext", "text"),
    ("longtext", "text"),
    ("mediumtext", "text"),
    ("citext", "postgres::citext"),
    ("inet", "postgres::inet"),
    ("cidr", "postgres::cidr"),
    ("hstore", "postgres::hstore"),
    ("xml", "postgres::xml"),
    ("tsvector", "postgres::tsvector"),
    ("smallserial", "smallint identity"),
    ("serial2", "smallint identity"),
    ("serial4", "serial"),
    ("serial8", "bigserial"),
    ("i128", "decimal"),
    ("u128", "decimal"),
    ("bigdecimal", "decimal"),
    ("naivedatetime", "timestamp"),
    ("primitivedatetime", "timestamp"),
    ("offsetdatetime", "timestamptz"),
    ("naivedate", "date"),
    ("naivetime", "time"),
    ("duration", "interval"),
    ("timedelta", "interval"),
    ("pginterval", "interval"),
    ("pathbuf", "text"),
    ("datetime2", "timestamp"),
    ("smalldatetime", "timestamp"),
    ("datetimeoffset", "timestamptz"),
    ("uniqueidentifier", "uuid"),
    ("ntext", "text"),
    ("longblob", "bytes"),
    ("mediumblob", "bytes"),
];

impl Type {
    /// The type that is written for one that has this name elsewhere.
    pub fn elsewhere(name: &str) -> Option<&'static str> {
        let name = name.to_lowercase();
        ELSEWHERE.iter().find(|(word, _)| *word == name).map(|(_, here)| *here)
    }

    /// The words that are types of every database.
    pub fn words<'a>() -> impl Iterator<Item = &'a str> {
        Type::WORDS.iter().map(|(word, _)| *word).chain(["serial", "bigserial", "char"])
    }

    /// The types that are one word of the language, as that word.
    pub const WORDS: [(&'static str, Type); 17] = [
        ("boolean", Type::Boolean),
        ("smallint", Type::SmallInt),
        ("integer", Type::Integer),
        ("bigint", Type::BigInt),
        ("real", Type::Real),
        ("double", Type::Double),
        ("decimal", Type::Decimal { precision: None, scale: None }),
        ("text", Type::Text),
        ("varchar", Type::Varchar(None)),
        ("bytes", Type::Bytes),
        ("uuid", Type::Uuid),
        ("date", Type::Date),
        ("time", Type::Time),
        ("timestamp", Type::Timestamp),
        ("timestamptz", Type::Timestamptz),
        ("interval", Type::Interval),
        ("json", Type::Json),
    ];

    /// The family whose members can be compared with this type.
    pub fn family(&self) -> Family {
        match self {
            Type::Boolean => Family::Boolean,
            Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => Family::Number,
            Type::Text | Type::Varchar(_) | Type::Char(_) => Family::Text,
            Type::Bytes => Family::Bytes,
            Type::Uuid => Family::Uuid,
            Type::Date | Type::Timestamp | Type::Timestamptz => Family::Moment,
            Type::Time => Family::Time,
            Type::Interval => Family::Interval,
            Type::Json => Family::Json,
            Type::Enum(of) => Family::Enum(of.clone()),
            Type::Array(of) => Family::Array(Box::new(of.family())),
            Type::Native(native) => Family::Native(native.name.clone()),
        }
    }

    /// What the elements of an array are in the end; the type itself where it is none.
    pub fn innermost(&self) -> &Type {
        if let Type::Array(of) = self { of.innermost() } else { self }
    }

    /// Whether PostgreSQL compares arrays of the two: of one type, whatever its length.
    pub fn is_same_array(&self, other: &Type) -> bool {
        std::mem::discriminant(self.innermost()) == std::mem::discriminant(other.innermost())
    }

    /// The enum that it is, or that its elements are.
    pub fn as_enum(&self) -> Option<&EnumType> {
        if let Type::Enum(of) = self.innermost() { Some(of) } else { None }
    }

    /// The enum that it is, or that its elements are, to be changed.
    pub fn as_enum_mut(&mut self) -> Option<&mut EnumType> {
        if let Type::Array(of) = self {
            return of.as_enum_mut();
        }
        if let Type::Enum(of) = self { Some(of) } else { None }
    }

    /// Whether it is an enum that does not exist, or could not be made: nothing is known of its values.
    pub fn is_unknown(&self) -> bool {
        self.as_enum().is_some_and(|of| of.values.is_empty())
    }

    /// Whether it holds whole numbers.
    pub fn is_integer(&self) -> bool {
        matches!(self, Type::SmallInt | Type::Integer | Type::BigInt)
    }

    /// Smallest and largest value of an integer type.
    pub fn integer_range(&self) -> Option<(i64, i64)> {
        match self {
            Type::SmallInt => Some((i16::MIN.into(), i16::MAX.into())),
            Type::Integer => Some((i32::MIN.into(), i32::MAX.into())),
            Type::BigInt => Some((i64::MIN, i64::MAX)),
            Type::Boolean | Type::Real | Type::Double | Type::Decimal { .. } | Type::Text | Type::Varchar(_) => None,
            Type::Char(_) | Type::Bytes | Type::Uuid | Type::Date | Type::Time | Type::Timestamp => None,
            Type::Timestamptz | Type::Interval | Type::Json | Type::Enum(_) | Type::Array(_) | Type::Native(_) => None,
        }
    }

    /// The most characters that a text type holds; `None` where there is no bound.
    pub fn length(&self) -> Option<u32> {
        if let Type::Char(length) | Type::Varchar(Some(length)) = self { Some(*length) } else { None }
    }

    /// Whether every database can tell, before it converts a value of this type to `other`, whether that value would come back
    /// from there: such a conversion can be guarded.
    pub fn can_be_compared_with(&self, other: &Type) -> bool {
        if let (Type::Array(one), Type::Array(other)) = (self, other) {
            return one.can_be_compared_with(other);
        }
        match (self.family(), other.family()) {
            (Family::Text, _) | (_, Family::Text) => true,
            (Family::Number, Family::Number) | (Family::Moment, Family::Moment) => true,
            (Family::Boolean, Family::Number) | (Family::Number, Family::Boolean) => true,
            (Family::Enum(one), Family::Enum(other)) => one.name == other.name,
            (one, other) => one == other,
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Decimal { precision: Some(precision), scale: Some(scale) } => write!(out, "decimal({precision}, {scale})"),
            Type::Decimal { precision: Some(precision), scale: None } => write!(out, "decimal({precision})"),
            Type::Varchar(Some(length)) => write!(out, "varchar({length})"),
            Type::Char(length) => write!(out, "char({length})"),
            Type::Array(of) => write!(out, "{of}[]"),
            Type::Enum(of) => of.name.fmt(out),
            Type::Native(native) => native.fmt(out),
            Type::Boolean
            | Type::SmallInt
            | Type::Integer
            | Type::BigInt
            | Type::Real
            | Type::Double
            | Type::Decimal { .. }
            | Type::Text
            | Type::Varchar(None)
            | Type::Bytes
            | Type::Uuid
            | Type::Date
            | Type::Time
            | Type::Timestamp
            | Type::Timestamptz
            | Type::Interval
            | Type::Json => out.write_str(Type::WORDS.iter().find(|(_, ty)| ty == self).map_or("decimal", |(word, _)| word)),
        }
    }
}

impl fmt::Display for Native {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}::{}", self.database.word(), WrittenWord(&self.name))?;
        if !self.arguments.is_empty() {
            let arguments: Vec<String> = self.arguments.iter().map(u32::to_string).collect();
            write!(out, "({})", arguments.join(", "))?;
        }
        Ok(())
    }
}

impl Family {
    /// Whether two values of it are put together as one of it; other values are put together as their texts.
    pub fn is_joined(&self) -> bool {
        matches!(self, Family::Array(_) | Family::Bytes | Family::Json | Family::Native(_))
    }

    /// A type of the family, to cast to.
    pub fn word(&self) -> String {
        match self {
            Family::Boolean => "boolean".to_owned(),
            Family::Number => "bigint".to_owned(),
            Family::Text => "text".to_owned(),
            Family::Bytes => "bytes".to_owned(),
            Family::Uuid => "uuid".to_owned(),
            Family::Moment => "timestamp".to_owned(),
            Family::Time => "time".to_owned(),
            Family::Interval => "interval".to_owned(),
            Family::Json => "json".to_owned(),
            Family::Enum(of) => of.name.to_string(),
            Family::Array(of) => format!("{}[]", of.word()),
            Family::Native(name) => name.clone(),
        }
    }
}

impl fmt::Display for Family {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Family::Boolean => out.write_str("a boolean"),
            Family::Number => out.write_str("a number"),
            Family::Text => out.write_str("text"),
            Family::Bytes => out.write_str("bytes"),
            Family::Uuid => out.write_str("a uuid"),
            Family::Moment => out.write_str("a date or timestamp"),
            Family::Time => out.write_str("a time of day"),
            Family::Interval => out.write_str("an interval"),
            Family::Json => out.write_str("json"),
            Family::Enum(of) => write!(out, "a `{}`", of.name),
            Family::Array(of) => write!(out, "an array of {of}"),
            Family::Native(name) => write!(out, "a `{name}`"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_shows_as_it_is_written() {
        assert_eq!(Type::Array(Box::new(Type::Varchar(Some(3)))).to_string(), "varchar(3)[]");
        let decimal = Type::Decimal { precision: Some(10), scale: Some(2) };
        assert_eq!(decimal.to_string(), "decimal(10, 2)");
        let vector = Native { database: Database::Postgres, name: "vector".into(), arguments: vec![3] };
        assert_eq!(Type::Native(vector).to_string(), "postgres::vector(3)");
    }
}
