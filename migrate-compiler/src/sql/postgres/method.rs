//! The index methods of PostgreSQL, and the types that each of them takes.
//!
//! Source: PostgreSQL 15, tables `pg_opclass` and `pg_am`, which a test tries on a server, each type with each class. Of other
//! methods, classes and types, which extensions bring, only the database knows.

use crate::types::Type;

/// An index method.
#[derive(Debug)]
pub(crate) struct Method {
    /// Its name, as `using` has it.
    pub name: &'static str,
    /// Whether its keys have an order: `desc`, `nulls first`.
    pub has_order: bool,
    /// Whether it can be unique.
    pub can_be_unique: bool,
    /// Whether it takes more than one key.
    pub has_several_keys: bool,
    /// Whether it carries columns along: `include`.
    pub has_include: bool,
    /// Its operator classes: `class:type`, with a `*` where it is the default of the type.
    classes: &'static str,
}

/// The methods that are built in.
pub(crate) const METHODS: [Method; 6] = [
    Method {
        name: "btree",
        has_order: true,
        can_be_unique: true,
        has_several_keys: true,
        has_include: true,
        classes: "array_ops:anyarray* bit_ops:bit* bool_ops:bool* bpchar_ops:bpchar* bpchar_pattern_ops:bpchar bytea_ops:bytea* \
                  char_ops:char* cidr_ops:inet date_ops:date* enum_ops:anyenum* float4_ops:float4* float8_ops:float8* \
                  inet_ops:inet* int2_ops:int2* int4_ops:int4* int8_ops:int8* interval_ops:interval* jsonb_ops:jsonb* \
                  macaddr8_ops:macaddr8* macaddr_ops:macaddr* money_ops:money* multirange_ops:anymultirange* name_ops:name* \
                  numeric_ops:numeric* oid_ops:oid* oidvector_ops:oidvector* pg_lsn_ops:pg_lsn* range_ops:anyrange* \
                  record_image_ops:record record_ops:record* text_ops:text* text_pattern_ops:text tid_ops:tid* time_ops:time* \
                  timestamp_ops:timestamp* timestamptz_ops:timestamptz* timetz_ops:timetz* tsquery_ops:tsquery* \
                  tsvector_ops:tsvector* uuid_ops:uuid* varbit_ops:varbit* varchar_ops:text varchar_pattern_ops:text \
                  xid8_ops:xid8*",
    },
    Method {
        name: "hash",
        has_order: false,
        can_be_unique: false,
        has_several_keys: false,
        has_include: false,
        classes: "aclitem_ops:aclitem* array_ops:anyarray* bool_ops:bool* bpchar_ops:bpchar* bpchar_pattern_ops:bpchar \
                  bytea_ops:bytea* char_ops:char* cid_ops:cid* cidr_ops:inet date_ops:date* enum_ops:anyenum* float4_ops:float4* \
                  float8_ops:float8* inet_ops:inet* int2_ops:int2* int4_ops:int4* int8_ops:int8* interval_ops:interval* \
                  jsonb_ops:jsonb* macaddr8_ops:macaddr8* macaddr_ops:macaddr* multirange_ops:anymultirange* name_ops:name* \
                  numeric_ops:numeric* oid_ops:oid* oidvector_ops:oidvector* pg_lsn_ops:pg_lsn* range_ops:anyrange* \
                  record_ops:record* text_ops:text* text_pattern_ops:text tid_ops:tid* time_ops:time* timestamp_ops:timestamp* \
                  timestamptz_ops:timestamptz* timetz_ops:timetz* uuid_ops:uuid* varchar_ops:text varchar_pattern_ops:text \
                  xid8_ops:xid8* xid_ops:xid*",
    },
    Method {
        name: "gin",
        has_order: false,
        can_be_unique: false,
        has_several_keys: true,
        has_include: false,
        classes: "array_ops:anyarray* jsonb_ops:jsonb* jsonb_path_ops:jsonb tsvector_ops:tsvector*",
    },
    Method {
        name: "gist",
        has_order: false,
        can_be_unique: false,
        has_several_keys: true,
        has_include: true,
        classes: "box_ops:box* circle_ops:circle* inet_ops:inet multirange_ops:anymultirange* point_ops:point* poly_ops:polygon* \
                  range_ops:anyrange* tsquery_ops:tsquery* tsvector_ops:tsvector*",
    },
    Method {
        name: "spgist",
        has_order: false,
        can_be_unique: false,
        has_several_keys: false,
        has_include: true,
        classes: "box_ops:box* inet_ops:inet* kd_point_ops:point poly_ops:polygon* quad_point_ops:point* range_ops:anyrange* \
                  text_ops:text*",
    },
    Method {
        name: "brin",
        has_order: false,
        can_be_unique: false,
        has_several_keys: true,
        has_include: false,
        classes: "bit_minmax_ops:bit* box_inclusion_ops:box* bpchar_bloom_ops:bpchar bpchar_minmax_ops:bpchar* \
                  bytea_bloom_ops:bytea bytea_minmax_ops:bytea* char_bloom_ops:char char_minmax_ops:char* date_bloom_ops:date \
                  date_minmax_multi_ops:date date_minmax_ops:date* float4_bloom_ops:float4 float4_minmax_multi_ops:float4 \
                  float4_minmax_ops:float4* float8_bloom_ops:float8 float8_minmax_multi_ops:float8 float8_minmax_ops:float8* \
                  inet_bloom_ops:inet inet_inclusion_ops:inet* inet_minmax_multi_ops:inet inet_minmax_ops:inet \
                  int2_bloom_ops:int2 int2_minmax_multi_ops:int2 int2_minmax_ops:int2* int4_bloom_ops:int4 \
                  int4_minmax_multi_ops:int4 int4_minmax_ops:int4* int8_bloom_ops:int8 int8_minmax_multi_ops:int8 \
                  int8_minmax_ops:int8* interval_bloom_ops:interval interval_minmax_multi_ops:interval \
                  interval_minmax_ops:interval* macaddr8_bloom_ops:macaddr8 macaddr8_minmax_multi_ops:macaddr8 \
                  macaddr8_minmax_ops:macaddr8* macaddr_bloom_ops:macaddr macaddr_minmax_multi_ops:macaddr \
                  macaddr_minmax_ops:macaddr* name_bloom_ops:name name_minmax_ops:name* numeric_bloom_ops:numeric \
                  numeric_minmax_multi_ops:numeric numeric_minmax_ops:numeric* oid_bloom_ops:oid oid_minmax_multi_ops:oid \
                  oid_minmax_ops:oid* pg_lsn_bloom_ops:pg_lsn pg_lsn_minmax_multi_ops:pg_lsn pg_lsn_minmax_ops:pg_lsn* \
                  range_inclusion_ops:anyrange* text_bloom_ops:text text_minmax_ops:text* tid_bloom_ops:tid \
                  tid_minmax_multi_ops:tid tid_minmax_ops:tid* time_bloom_ops:time time_minmax_multi_ops:time \
                  time_minmax_ops:time* timestamp_bloom_ops:timestamp timestamp_minmax_multi_ops:timestamp \
                  timestamp_minmax_ops:timestamp* timestamptz_bloom_ops:timestamptz timestamptz_minmax_multi_ops:timestamptz \
                  timestamptz_minmax_ops:timestamptz* timetz_bloom_ops:timetz timetz_minmax_multi_ops:timetz \
                  timetz_minmax_ops:timetz* uuid_bloom_ops:uuid uuid_minmax_multi_ops:uuid uuid_minmax_ops:uuid* \
                  varbit_minmax_ops:varbit*",
    },
];

/// An operator class of a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    /// Its name.
    pub name: &'static str,
    /// The type that it takes, by PostgreSQL's short name.
    pub ty: &'static str,
    /// Whether it is the type's own where none is named.
    pub is_default: bool,
}

impl Method {
    /// The method of this name, where it is built in.
    pub fn find(name: &str) -> Option<&'static Method> {
        METHODS.iter().find(|method| method.name == name)
    }

    /// Its operator classes.
    pub fn classes(&self) -> impl Iterator<Item = Class> + use<> {
        self.classes.split_whitespace().filter_map(|class| {
            let (name, ty) = class.split_once(':')?;
            Some(Class { name, ty: ty.trim_end_matches('*'), is_default: ty.ends_with('*') })
        })
    }

    /// Whether it takes a key of the type without a class; of a type that is not known here it may.
    pub fn takes(&self, ty: &Type) -> bool {
        let Some(name) = class_type(ty) else { return true };
        let is_taken = self.classes().any(|class| class.ty == name && class.is_default);
        // An array is compared by its elements.
        let elements = match (self.name, ty) {
            ("hash", Type::Array(of)) => self.takes(of),
            ("btree" | "gin", Type::Array(of)) => Method::find("btree").is_some_and(|btree| btree.takes(of)),
            _ => true,
        };
        is_taken && elements
    }
}

/// The type by which an operator class takes one; `None` for a type that is not built in.
pub(crate) fn class_type(ty: &Type) -> Option<&str> {
    Some(match ty {
        Type::Boolean => "bool",
        Type::SmallInt => "int2",
        Type::Integer => "int4",
        Type::BigInt => "int8",
        Type::Real => "float4",
        Type::Double => "float8",
        Type::Decimal { .. } => "numeric",
        Type::Text | Type::Varchar(_) => "text",
        Type::Char(_) => "bpchar",
        Type::Bytes => "bytea",
        Type::Uuid => "uuid",
        Type::Date => "date",
        Type::Time => "time",
        Type::Timestamp => "timestamp",
        Type::Timestamptz => "timestamptz",
        Type::Interval => "interval",
        Type::Json => "jsonb",
        Type::Enum(_) => "anyenum",
        Type::Array(_) => "anyarray",
        Type::Native(native) => match native.name.as_str() {
            "cidr" => "inet",
            "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange" => "anyrange",
            "int4multirange" | "int8multirange" | "nummultirange" | "tsmultirange" | "tstzmultirange" | "datemultirange" => {
                "anymultirange"
            }
            name => KNOWN.iter().find(|known| **known == name)?,
        },
    })
}

/// The other types that are built in.
const KNOWN: [&str; 30] = [
    "bit", "bool", "box", "bpchar", "bytea", "circle", "float4", "float8", "inet", "int2", "int4", "int8", "json", "jsonb",
    "jsonpath", "line", "lseg", "macaddr", "macaddr8", "money", "name", "numeric", "oid", "path", "pg_lsn", "point", "polygon",
    "tsquery", "tsvector", "xml",
];
