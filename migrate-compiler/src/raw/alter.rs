//! What an `ALTER` in raw SQL does.

use migrate_history::sql::SqlToken;

use super::finding::{Danger, RawDanger};
use super::reader::{RawName, RawReader};
use super::statement::{Nested, RawStatement, is_word};

/// The kinds beside tables whose names are used by others.
const NAMED: &[(&[&str], &str)] = &[
    (&["FOREIGN", "TABLE"], "foreign table"),
    (&["VIEW"], "view"),
    (&["MATERIALIZED", "VIEW"], "materialized view"),
    (&["SEQUENCE"], "sequence"),
    (&["TYPE"], "type"),
    (&["DOMAIN"], "domain"),
    (&["FUNCTION"], "function"),
    (&["PROCEDURE"], "procedure"),
    (&["ROUTINE"], "routine"),
    (&["AGGREGATE"], "aggregate"),
    (&["SCHEMA"], "schema"),
];

/// The types that count.
const COUNTERS: [&str; 6] = ["SERIAL", "BIGSERIAL", "SMALLSERIAL", "SERIAL2", "SERIAL4", "SERIAL8"];

/// Whether a statement before it in the text has locked the table.
#[derive(Clone, Copy, PartialEq, Eq)]
enum TableLock {
    Held,
    NotHeld,
}

/// What is dangerous in it; `altered` are the tables that statements before it in the text have altered.
pub(super) fn dangers(statement: &RawStatement<'_>, altered: &[RawName]) -> Vec<RawDanger> {
    let Some(on) = tables_of(statement) else { return other(statement).into_iter().collect() };
    let held = if !on.is_empty() && on.iter().all(|name| altered.contains(name)) { TableLock::Held } else { TableLock::NotHeld };
    let actions = actions(statement);
    // What an action adds is locked when the next one looks at it.
    let adds = actions.iter().position(|action| action.top.first().is_some_and(|verb| is_word(*verb, "ADD")));
    let held_at = |place: usize| if adds.is_some_and(|first| first < place) { TableLock::Held } else { held };
    let found = actions.iter().enumerate().flat_map(|(place, action)| action.dangers(held_at(place))).collect::<Vec<_>>();
    found.into_iter().map(|(danger, column)| RawDanger { danger, on: on.clone(), column }).collect()
}

/// The table of an `ALTER TABLE`, where its name is read.
pub(super) fn table(statement: &RawStatement<'_>) -> Option<RawName> {
    tables_of(statement)?.pop()
}

/// The old name and the new one of an `ALTER TABLE … RENAME TO`.
pub(super) fn renamed(statement: &RawStatement<'_>) -> Option<(RawName, RawName)> {
    let mut reader = begin(statement)?;
    let from = reader.name()?;
    if reader.take(&["RENAME", "TO"]) { Some((from, reader.name()?)) } else { None }
}

fn begin<'a, 't>(statement: &'a RawStatement<'t>) -> Option<RawReader<'a, 't>> {
    let mut reader = RawReader(&statement.tokens);
    if !reader.take(&["ALTER", "TABLE"]) {
        return None;
    }
    reader.skip(&["IF", "EXISTS", "ONLY"]);
    Some(reader)
}

/// The table of an `ALTER TABLE`; none where its name is not read.
fn tables_of(statement: &RawStatement<'_>) -> Option<Vec<RawName>> {
    begin(statement).map(|mut reader| reader.name().into_iter().collect())
}

/// What is dangerous about an `ALTER` of something else.
fn other(statement: &RawStatement<'_>) -> Option<RawDanger> {
    let mut reader = RawReader(&statement.tokens);
    reader.take(&["ALTER"]);
    let (_, what) = NAMED.iter().find(|(keywords, _)| reader.take(keywords))?;
    reader.take(&["IF", "EXISTS"]);
    let on: Vec<RawName> = reader.name().into_iter().collect();
    let danger = if *what == "type" && reader.has(&["RENAME", "VALUE"]) {
        Danger::Rename("value")
    } else if *what == "type" && reader.has(&["DROP", "ATTRIBUTE"]) {
        Danger::Drop("attribute")
    } else if reader.has(&["RENAME"]) || reader.has(&["SET", "SCHEMA"]) {
        Danger::Rename(what)
    } else if *what == "domain" && reader.is_next(&["ADD"]) && reader.has(&["CHECK"]) && !reader.has(&["NOT", "VALID"]) {
        Danger::Check
    } else {
        return None;
    };
    Some(RawDanger::new(danger, on))
}

/// An action of an `ALTER TABLE`.
struct AlterAction<'t> {
    /// Its tokens outside of parentheses.
    top: Vec<SqlToken<'t>>,
    /// All of its tokens.
    all: Vec<Nested<'t>>,
}

fn actions<'t>(statement: &RawStatement<'t>) -> Vec<AlterAction<'t>> {
    let is_comma = |one: &Nested<'_>| one.depth == 0 && one.token == SqlToken::Symbol(',');
    let begins = |one: &Nested<'_>| {
        let verbs = ["ADD", "DROP", "ALTER", "RENAME", "SET", "RESET", "VALIDATE", "ATTACH", "DETACH", "ENABLE", "DISABLE"];
        one.depth == 0 && verbs.iter().any(|verb| is_word(one.token, verb))
    };
    // The first word is the `ALTER` of the statement, and the name of the table comes before the first action.
    let names = statement.tokens.len()
        - begin(statement).map_or(0, |mut reader| {
            reader.name();
            reader.0.len()
        });
    let first = statement.nested.iter().enumerate().skip(names).find(|(_, one)| begins(one)).map(|(place, _)| place);
    let rest = first.map(|first| &statement.nested[first..]).unwrap_or_default();
    let parts = rest.split(is_comma).map(<[Nested<'_>]>::to_vec);
    let top = |all: &[Nested<'t>]| all.iter().filter(|one| one.depth == 0 && !is_parenthesis(one)).map(|one| one.token).collect();
    parts.map(|all| AlterAction { top: top(&all), all }).collect()
}

fn is_parenthesis(one: &Nested<'_>) -> bool {
    matches!(one.token, SqlToken::Symbol('(' | ')'))
}

impl AlterAction<'_> {
    fn dangers(&self, held: TableLock) -> Vec<(Danger, Option<RawName>)> {
        let mut reader = RawReader(&self.top);
        if reader.take(&["ADD"]) {
            return self.adds(reader).into_iter().map(|danger| (danger, None)).collect();
        }
        let found = if reader.take(&["ALTER"]) {
            alters(reader)
        } else if reader.take(&["DROP"]) {
            reader.skip(&["COLUMN", "IF", "EXISTS"]);
            let is_column = !reader.is_next(&["CONSTRAINT"]);
            is_column.then(|| (Danger::Drop("column"), reader.name()))
        } else if reader.take(&["RENAME"]) {
            renames(reader)
        } else if reader.take(&["VALIDATE"]) {
            (held == TableLock::Held).then_some((Danger::Validate, None))
        } else if reader.is_next(&["SET", "SCHEMA"]) {
            Some((Danger::Rename("table"), None))
        } else {
            let words = ["LOGGED", "UNLOGGED", "TABLESPACE", "ACCESS"];
            let rewrites = reader.take(&["SET"]) && words.iter().any(|word| reader.is_next(&[word]));
            rewrites.then_some((Danger::Rewrite, None))
        };
        found.into_iter().collect()
    }

    /// `ADD [CONSTRAINT NAME] CONSTRAINT`, or `ADD [COLUMN] NAME TYPE …`
    fn adds(&self, mut reader: RawReader<'_, '_>) -> Option<Danger> {
        if reader.take(&["CONSTRAINT"]) {
            reader.name();
        }
        let is_checked = !reader.has(&["NOT", "VALID"]) && !reader.has(&["NOT", "ENFORCED"]);
        if reader.is_next(&["UNIQUE"]) || reader.is_next(&["PRIMARY", "KEY"]) {
            return (!reader.has(&["USING", "INDEX"])).then_some(Danger::AddKey);
        }
        if reader.is_next(&["EXCLUDE", "USING"]) || reader.0.len() == 1 && reader.is_next(&["EXCLUDE"]) {
            return Some(Danger::AddKey);
        }
        if reader.is_next(&["CHECK"]) {
            return is_checked.then_some(Danger::Check);
        }
        if reader.is_next(&["FOREIGN", "KEY"]) {
            return is_checked.then_some(Danger::ForeignKey);
        }
        if reader.is_next(&["NOT", "NULL"]) {
            return is_checked.then_some(Danger::NotNull);
        }
        reader.skip(&["COLUMN"]);
        reader.take(&["IF", "NOT", "EXISTS"]);
        reader.name();
        self.adds_column(reader)
    }

    /// What comes after the name of a new column.
    fn adds_column(&self, reader: RawReader<'_, '_>) -> Option<Danger> {
        let counts = COUNTERS.iter().any(|counter| reader.is_next(&[counter])) || reader.has(&["AS", "IDENTITY"]);
        if counts || reader.has(&["GENERATED"]) && reader.has(&["STORED"]) || self.default_differs() {
            return Some(Danger::Fill);
        }
        if reader.has(&["UNIQUE"]) || reader.has(&["PRIMARY", "KEY"]) {
            return Some(Danger::AddKey);
        }
        if reader.has(&["CHECK"]) {
            return Some(Danger::Check);
        }
        let has_value = reader.has(&["DEFAULT"]) && !reader.has(&["DEFAULT", "NULL"]);
        (has_value && reader.has(&["REFERENCES"])).then_some(Danger::ForeignKey)
    }

    /// Whether the default calls a function that may return another value for each row. A function that is not known may.
    fn default_differs(&self) -> bool {
        let is_default = |one: &Nested<'_>| one.depth == 0 && is_word(one.token, "DEFAULT");
        let ends = ["NOT", "NULL", "UNIQUE", "PRIMARY", "CHECK", "REFERENCES", "CONSTRAINT", "COLLATE"];
        let is_end = |one: &Nested<'_>| one.depth == 0 && ends.iter().any(|word| is_word(one.token, word));
        let Some(place) = self.all.iter().position(is_default) else { return false };
        let value = &self.all[place + 1..];
        let end = value.iter().position(is_end).unwrap_or(value.len());
        (0..end).any(|at| calls_volatile(&value[..end], at))
    }
}

/// Functions and operators whose value is the same in each row of a statement, and types with a length.
const SAME: &[&str] = &[
    "now",
    "transaction_timestamp",
    "statement_timestamp",
    "current_timestamp",
    "current_time",
    "localtimestamp",
    "localtime",
    "timezone",
    "date_trunc",
    "date_part",
    "extract",
    "to_timestamp",
    "to_date",
    "to_char",
    "to_number",
    "make_date",
    "make_interval",
    "lower",
    "upper",
    "trim",
    "btrim",
    "concat",
    "coalesce",
    "nullif",
    "md5",
    "length",
    "replace",
    "substr",
    "substring",
    "round",
    "floor",
    "ceil",
    "abs",
    "cast",
    "row",
    "array",
    "array_fill",
    "json_build_object",
    "json_build_array",
    "jsonb_build_object",
    "jsonb_build_array",
    "to_json",
    "to_jsonb",
    "and",
    "or",
    "not",
    "in",
    "any",
    "then",
    "else",
    "when",
    "case",
    "interval",
    "varchar",
    "char",
    "character",
    "varying",
    "numeric",
    "decimal",
    "bit",
    "timestamp",
    "timestamptz",
    "time",
    "timetz",
    "float",
];

/// Whether a function is called at this place that is not known to return the same for every row.
fn calls_volatile(value: &[Nested<'_>], at: usize) -> bool {
    let SqlToken::Word(word) = value[at].token else { return false };
    let is_called = value.get(at + 1).is_some_and(|next| next.token == SqlToken::Symbol('('));
    is_called && !SAME.iter().any(|same| word.eq_ignore_ascii_case(same))
}

/// What comes after `ALTER [COLUMN]` in an action.
fn alters(mut reader: RawReader<'_, '_>) -> Option<(Danger, Option<RawName>)> {
    if reader.is_next(&["CONSTRAINT"]) {
        return None;
    }
    reader.skip(&["COLUMN"]);
    let column = reader.name();
    if reader.is_next(&["SET", "NOT", "NULL"]) {
        return Some((Danger::NotNull, column));
    }
    if reader.is_next(&["TYPE"]) || reader.is_next(&["SET", "DATA", "TYPE"]) {
        return Some((Danger::Type, None));
    }
    reader.is_next(&["SET", "EXPRESSION"]).then_some((Danger::Rewrite, None))
}

/// What comes after `RENAME` in an action. The name of a constraint is used by no other object.
fn renames(mut reader: RawReader<'_, '_>) -> Option<(Danger, Option<RawName>)> {
    if reader.is_next(&["CONSTRAINT"]) {
        return None;
    }
    if reader.is_next(&["TO"]) {
        return Some((Danger::Rename("table"), None));
    }
    reader.skip(&["COLUMN"]);
    Some((Danger::Rename("column"), reader.name()))
}
