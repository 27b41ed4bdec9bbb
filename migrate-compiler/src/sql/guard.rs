//! The questions asked before an upgrade or a downgrade.

use std::collections::BTreeSet;

use migrate_history::{Database, Guard};

use crate::effect::Demand;
use crate::expr::Expr;
use crate::name::{Name, Written, WrittenList};
use crate::objects::Kind;
use crate::schema::{Column, Schema};
use crate::source::Source;
use crate::sql::dialect::TableOrColumn;
use crate::sql::registry::{dialect, writer};
use crate::sql::{Sql, quote, rows, source};
use crate::trace::Layer;
use crate::types::Type;

/// A table at a later moment, said in terms of the one that is asked.
pub(crate) struct Subject<'a> {
    /// The name that it has by then.
    pub name: &'a Name,
    /// The name that it has now.
    pub origin: &'a Name,
    /// What becomes of its columns until then.
    pub layers: &'a [Layer],
    /// The columns that it has by then.
    pub columns: &'a [Column],
}

impl<'a> Subject<'a> {
    /// A table as it is.
    pub(crate) fn of(schema: &'a Schema, name: &'a Name) -> Option<Subject<'a>> {
        Some(Subject { name, origin: name, layers: &[], columns: &schema.table(name)?.columns })
    }

    /// The text after `FROM`: the table itself, or what it will be, under an alias. Only the columns that are asked about are
    /// there, so that a change of any other column in the meantime has no effect on it.
    fn sql(&self, database: Database, demand: &Demand, alias: &str) -> Sql {
        let mut sql = quote::name(self.origin);
        let mut is_plain = true;
        for (layer, needed) in self.layers.iter().zip(self.needed(demand)) {
            if !layer.sources.is_unchanged() || layer.deleted.is_some() {
                let of = if is_plain { aliased(sql, &self.origin.name, &layer.name.name) } else { sql };
                let (columns, kept) = (columns(database, layer, &needed)?, kept(database, layer)?);
                sql = format!("(SELECT {columns} FROM {of}{kept}) AS {}", quote::ident(alias));
                is_plain = false;
            }
        }
        Ok(if is_plain { aliased(sql, &self.origin.name, alias) } else { sql })
    }

    /// The columns that are needed of each layer.
    fn needed(&self, demand: &Demand) -> Vec<BTreeSet<String>> {
        let names = self.columns.iter().map(|column| column.name.as_str());
        let mut needed: BTreeSet<String> = names.filter(|name| demand.uses(self.name, name)).map(str::to_owned).collect();
        let mut all = Vec::new();
        for layer in self.layers.iter().rev() {
            let sources: Vec<&Source> = needed.iter().filter_map(|name| layer.sources.get(name)).collect();
            let earlier = layer.over.columns.iter().map(|column| column.name.as_str());
            let is_of_deleted = |name: &str| layer.deleted.as_ref().is_some_and(|deleted| deleted.may_use(name));
            let is_needed = |name: &&str| sources.iter().any(|source| source.uses(name)) || is_of_deleted(name);
            let earlier = earlier.filter(is_needed).map(str::to_owned).collect();
            all.push(std::mem::replace(&mut needed, earlier));
        }
        all.reverse();
        all
    }
}

/// A table under another name, where it is another.
fn aliased(sql: String, name: &str, alias: &str) -> String {
    if name == alias { sql } else { format!("{sql} AS {}", quote::ident(alias)) }
}

/// The columns after a layer, each under its name.
fn columns(database: Database, layer: &Layer, needed: &BTreeSet<String>) -> Sql {
    let column = |(name, source): (&str, &Source)| {
        let value = source::render(&writer(database, &layer.over.columns), source, "row_number() OVER ()")?;
        let name = quote::ident(name);
        Ok(if value == name { name } else { format!("{value} AS {name}") })
    };
    let columns = layer.sources.iter().filter(|(name, _)| needed.contains(*name));
    let columns = columns.map(column).collect::<Result<Vec<_>, _>>()?;
    Ok(if columns.is_empty() { "1 AS one".to_owned() } else { columns.join(", ") })
}

/// The condition for the rows that do not go with a layer.
fn kept(database: Database, layer: &Layer) -> Sql {
    let Some(deleted) = &layer.deleted else { return Ok(String::new()) };
    let condition = rows::condition(&writer(database, &layer.over.columns), deleted)?;
    Ok(condition.map_or_else(|| " WHERE FALSE".to_owned(), |condition| format!(" WHERE ({condition}) IS NOT TRUE")))
}

/// `present.a = kept.a`
fn same(column: &str) -> String {
    let column = quote::ident(column);
    format!("present.{column} = kept.{column}")
}

/// The direction of a migration in which a guard runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Up: what is demanded is new.
    Upgrade,
    /// Down: what is demanded was so before.
    Downgrade,
}

impl Way {
    /// The word for it.
    fn word(self) -> &'static str {
        match self {
            Way::Upgrade => "upgrade",
            Way::Downgrade => "downgrade",
        }
    }

    /// "which the upgrade makes not null"
    fn does(self, what: &str) -> String {
        format!("which the {} {what}", self.word())
    }

    /// The same of what was there before.
    fn does_again(self, what: &str) -> String {
        match self {
            Way::Upgrade => self.does(what),
            Way::Downgrade => self.does(&format!("{what} again")),
        }
    }

    /// "the type that the upgrade gives it"
    fn gives_type(self) -> &'static str {
        match self {
            Way::Upgrade => "the type that the upgrade gives it",
            Way::Downgrade => "the type that the downgrade restores",
        }
    }
}

/// What is asked of a table, and perhaps of another one that it refers to.
pub(crate) struct Asked<'a> {
    /// The database that is asked.
    pub database: Database,
    /// Before what.
    pub way: Way,
    /// The table whose rows are counted.
    pub subject: Subject<'a>,
    /// The table that a foreign key refers to; its subject is absent where it has no rows by then.
    pub target: Option<(&'a Name, Option<Subject<'a>>)>,
}

impl Asked<'_> {
    /// How many rows do not satisfy a demand; `None` where this database needs no question. What was rendered when it was made can
    /// be rendered again.
    pub(crate) fn guard(&self, demand: &Demand) -> Option<Guard> {
        let (query, refusal) = match demand {
            Demand::NotNull { table, column } => {
                let refusal =
                    format!("rows of `{table}` with null in `{}`, {}", Written(column), self.way.does("makes not null"));
                (self.count(demand, &format!("{} IS NULL", quote::ident(column)))?, refusal)
            }
            Demand::Holds { table, condition } => {
                let refusal = format!("rows of `{table}` in violation of `{condition}`, {}", self.way.does_again("requires"));
                (self.count(demand, &format!("NOT ({})", self.expression(condition)?))?, refusal)
            }
            Demand::Distinct { table, keys, .. } => {
                let shown = keys.iter().map(Expr::to_string).collect::<Vec<_>>().join(", ");
                let refusal = format!("duplicate values of ({shown}) in `{table}`, {}", self.way.does_again("makes unique"));
                (self.repeated(demand)?, refusal)
            }
            Demand::Refers { .. } => self.unreferenced(demand)?,
            Demand::NotReferred { table, target, .. } => {
                let refusal = format!("rows of `{table}` that refer to rows of `{target}` that the {} deletes", self.way.word());
                (self.referring(demand)?, refusal)
            }
            Demand::Free { columns, target, .. } => {
                let key = WrittenList(columns);
                let refusal = format!(
                    "rows of `{target}` that were deleted and kept, {}, and whose ({key}) other rows have by now",
                    self.way.does("restores")
                );
                (self.taken(demand, columns)?, refusal)
            }
            Demand::Fits { .. } => self.misfits(demand)?,
            Demand::Spelled { table, column, from, to } => {
                let refusal = format!(
                    "values of `{table}.{}` whose text is not a value of `{to}`, {}",
                    Written(column),
                    self.way.gives_type()
                );
                let value = quote::ident(column);
                let text = dialect(self.database).converted(value.clone(), from, &Type::Text).ok()?;
                let misfit = dialect(self.database).misfit(&text, &Type::Text, to)?;
                (self.count(demand, &format!("{value} IS NOT NULL AND ({misfit})"))?, refusal)
            }
            Demand::Empty { table, column } => {
                let refusal = format!("rows of `{table}` that would have no value for the new column `{}`", Written(column));
                (self.count(demand, "TRUE")?, refusal)
            }
            Demand::Counts { .. } | Demand::Kept { .. } | Demand::Unused { .. } => return None,
        };
        Some(Guard { query: query.into(), refusal: refusal.into() })
    }

    /// The question about rows that refer to nothing, and what is said of them.
    fn unreferenced(&self, demand: &Demand) -> Option<(String, String)> {
        let Demand::Refers { table, columns, target, references } = demand else { return None };
        let rows = format!("rows of `{table}` with a value in ({})", WrittenList(columns));
        if self.target.as_ref().is_some_and(|(_, subject)| subject.is_some()) {
            let refusal = format!("{rows} that refers to no row of `{target}`, {}", self.way.does_again("requires"));
            return Some((self.orphans(demand, columns, references)?, refusal));
        }
        let given = columns.iter().map(|column| format!("{} IS NOT NULL", quote::ident(column)));
        let refusal = format!("{rows} that refers to `{target}`, {} without rows", self.way.does_again("creates"));
        Some((self.count(demand, &given.collect::<Vec<_>>().join(" AND "))?, refusal))
    }

    /// The question about values that do not fit a type, and what is said of them.
    fn misfits(&self, demand: &Demand) -> Option<(String, String)> {
        let Demand::Fits { table, column, from, to } = demand else { return None };
        let own = format!("`{table}.{}`", Written(column));
        let refusal = match (from.as_enum(), to.as_enum()) {
            (Some(one), Some(other)) if one.name == other.name => {
                format!("values of {own} that the {} removes from `{}`", self.way.word(), other.name)
            }
            (Some(_) | None, Some(_) | None) => {
                format!("values of {own} that would change as `{to}`, {}", self.way.gives_type())
            }
        };
        let value = quote::ident(column);
        let misfit = dialect(self.database).misfit(&value, from, to)?;
        Some((self.count(demand, &format!("{value} IS NOT NULL AND ({misfit})"))?, refusal))
    }

    /// What stops a step at rows that refer to nothing, where the database would not look at them when the foreign key is made.
    pub(crate) fn check(&self, demand: &Demand) -> Option<String> {
        let Demand::Refers { table, columns, target, references } = demand else { return None };
        let refusal = format!("rows of `{table}` with a value in ({}) that refers to no row of `{target}`", WrittenList(columns));
        dialect(self.database).check_references(&self.orphans(demand, columns, references)?, &refusal)
    }

    /// Whether what is kept is still there.
    pub(crate) fn kept((database, way): (Database, Way), (table, column): (&Name, Option<&str>), shown: &str) -> Guard {
        let query = dialect(database).lacks(table, column);
        let what = if column.is_some() { "columns" } else { "tables" };
        let refusal = format!("kept {what} that the {} restores and the database does not have: `{shown}`", way.word());
        Guard { query: query.into(), refusal: refusal.into() }
    }

    /// How many things that a downgrade has kept use an object that the database would not drop then; `None` where nothing that is kept
    /// depends on such an object. What is in a known place is not counted: the migration was checked with it.
    pub(crate) fn unused(
        (database, way): (Database, Way),
        (kind, name): (Kind, &Name),
        known: &[TableOrColumn<'_>],
    ) -> Option<Guard> {
        let query = dialect(database).used_by_kept(kind, name, known)?;
        let refusal = format!(
            "columns that are kept and use the {} `{name}`, {} (`kept` lists what is kept, and `purge` drops it)",
            kind.word(),
            way.does("drops or replaces")
        );
        Some(Guard { query: query.into(), refusal: refusal.into() })
    }

    /// Whether a sequence has counted beyond the type that it gets.
    pub(crate) fn counts((database, way): (Database, Way), sequence: &Name, to: &Type) -> Option<Guard> {
        let (_, highest) = to.integer_range()?;
        let query = dialect(database).counted_beyond(sequence, highest)?;
        let refusal = format!("sequences beyond `{to}`, {}: `{sequence}`", way.gives_type());
        Some(Guard { query: query.into(), refusal: refusal.into() })
    }

    fn expression(&self, expr: &Expr) -> Option<String> {
        writer(self.database, self.subject.columns).expr(expr).ok()
    }

    fn from(&self, demand: &Demand) -> Option<String> {
        self.subject.sql(self.database, demand, &self.subject.name.name).ok()
    }

    fn count(&self, demand: &Demand, condition: &str) -> Option<String> {
        Some(format!("SELECT count(*) FROM {} WHERE {condition}", self.from(demand)?))
    }

    /// How many values of the keys are in more than one row.
    fn repeated(&self, demand: &Demand) -> Option<String> {
        let Demand::Distinct { table: _, keys, filter, nulls_not_distinct } = demand else { return None };
        let keys = keys.iter().map(|key| self.expression(key)).collect::<Option<Vec<_>>>()?;
        let given = keys.iter().filter(|_| !*nulls_not_distinct).map(|key| format!("{key} IS NOT NULL")).map(Some);
        let filter = filter.as_ref().map(|filter| self.expression(filter).map(|filter| format!("({filter})")));
        let conditions = given.chain(filter).collect::<Option<Vec<_>>>()?;
        let condition = if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
        let keys: Vec<String> =
            (1..=keys.len()).map(|place| place.to_string()).zip(keys).map(|(place, key)| format!("{key} AS k{place}")).collect();
        let groups: Vec<String> = (1..=keys.len()).map(|place| format!("k{place}")).collect();
        Some(format!(
            "SELECT count(*) FROM (SELECT 1 FROM (SELECT {} FROM {}{condition}) AS keys GROUP BY {} HAVING count(*) > 1) AS repeated",
            keys.join(", "),
            self.from(demand)?,
            groups.join(", ")
        ))
    }

    /// How many rows refer to others that go, and do not go with them.
    fn referring(&self, demand: &Demand) -> Option<String> {
        let Demand::NotReferred { table, columns, target: other, references, which } = demand else { return None };
        let target = self.target.as_ref().and_then(|(_, target)| target.as_ref())?;
        let goes = |columns| rows::condition(&writer(self.database, columns), which).ok();
        let same = columns.iter().zip(references);
        let same = same.map(|(own, other)| format!("parent.{} = child.{}", quote::ident(other), quote::ident(own)));
        let gone = goes(target.columns)?.map(|condition| format!("({condition})"));
        let conditions: Vec<String> = same.chain(gone).collect();
        let stays = match goes(self.subject.columns)? {
            _ if table != other => String::new(),
            Some(condition) => format!("({condition}) IS NOT TRUE AND "),
            None => "FALSE AND ".to_owned(),
        };
        Some(format!(
            "SELECT count(*) FROM {} WHERE {stays}EXISTS (SELECT 1 FROM {} WHERE {})",
            self.subject.sql(self.database, demand, "child").ok()?,
            target.sql(self.database, demand, "parent").ok()?,
            conditions.join(" AND ")
        ))
    }

    /// How many rows have a key that rows of the other table have.
    fn taken(&self, demand: &Demand, columns: &[String]) -> Option<String> {
        let target = self.target.as_ref().and_then(|(_, target)| target.as_ref())?;
        let same = columns.iter().map(|column| same(column)).collect::<Vec<_>>().join(" AND ");
        Some(format!(
            "SELECT count(*) FROM {} WHERE EXISTS (SELECT 1 FROM {} WHERE {same})",
            self.subject.sql(self.database, demand, "kept").ok()?,
            target.sql(self.database, demand, "present").ok()?,
        ))
    }

    /// How many rows refer to nothing.
    fn orphans(&self, demand: &Demand, columns: &[String], references: &[String]) -> Option<String> {
        let target = self.target.as_ref().and_then(|(_, target)| target.as_ref())?;
        let given = columns.iter().map(|column| format!("child.{} IS NOT NULL", quote::ident(column))).collect::<Vec<_>>();
        let same = columns.iter().zip(references);
        let same = same.map(|(own, other)| format!("parent.{} = child.{}", quote::ident(other), quote::ident(own)));
        Some(format!(
            "SELECT count(*) FROM {} WHERE {} AND NOT EXISTS (SELECT 1 FROM {} WHERE {})",
            self.subject.sql(self.database, demand, "child").ok()?,
            given.join(" AND "),
            target.sql(self.database, demand, "parent").ok()?,
            same.collect::<Vec<_>>().join(" AND ")
        ))
    }
}
