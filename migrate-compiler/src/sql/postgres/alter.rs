//! Changes of a table: one `ALTER TABLE` for those that do not meet.
//!
//! PostgreSQL runs the parts of one `ALTER TABLE` in passes, drops first and constraints last, not in the order in which they are
//! written (manual, "ALTER TABLE"; `tablecmds.c`, `AlterTablePass`). So only parts that touch different things are joined, and a
//! constraint of a column that is added with it, which comes in a later pass anyway.

use crate::ddl::Change;
use crate::expr::Expr;
use crate::name::Name;
use crate::schema::{Column, Constraint, Table, Timing};
use crate::source::is_in_utc;
use crate::sql::postgres::expressions::Expressions;
use crate::sql::postgres::writer::writer;
use crate::sql::postgres::{column, counter, index, types};
use crate::sql::table::{self, timing};
use crate::sql::{Sql, Unsupported, quote};
use crate::types::{Conversion, Type};

/// The statements of the changes, in order.
pub(super) fn alter(table: &Name, old: &Table, new: &Table, changes: &[Change]) -> Result<Vec<String>, Unsupported> {
    let mut expressions = Expressions::of(old);
    let mut batch = Batch::of(table, &new.columns);
    let mut statements = Vec::new();
    for change in changes {
        match said(table, [&old.columns, &new.columns], change)? {
            Said::Alone(statement) => {
                statements.extend(batch.flush());
                statements.push(statement);
            }
            Said::Several(several) => {
                statements.extend(batch.flush());
                statements.extend(several);
            }
            Said::Part(part) => {
                let touches = touches(table, [old, new], change);
                if !batch.takes(change, &touches) {
                    statements.extend(batch.flush());
                }
                batch.add(change, part, touches, &expressions)?;
            }
        }
        expressions.follow(change);
    }
    statements.extend(batch.flush());
    Ok(statements)
}

/// What a conversion in UTC rests on: it is by assignment, in the time zone of the session.
const IN_UTC: &str = "SET LOCAL TimeZone = 'UTC'";

/// Parts that are said in one statement.
struct Batch<'a> {
    table: &'a Name,
    columns: &'a [Column],
    parts: Vec<String>,
    touched: Vec<String>,
    /// The columns that are added in it.
    added: Vec<String>,
    /// The checks and indexes that are created again, each once however many of their columns get another type.
    anew: Vec<String>,
    before: Vec<String>,
    after: Vec<String>,
}

impl<'a> Batch<'a> {
    fn of(table: &'a Name, columns: &'a [Column]) -> Batch<'a> {
        let (parts, touched, added, anew) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Batch { table, columns, parts, touched, added, anew, before: Vec::new(), after: Vec::new() }
    }

    /// Whether the change can be said in the same statement.
    fn takes(&self, change: &Change, touches: &[String]) -> bool {
        let constraint = matches!(change, Change::AddConstraint(_));
        let free = |touch: &String| !self.touched.contains(touch) || constraint && self.added.contains(touch);
        touches.iter().all(|touch| free(touch) && !self.anew.contains(touch))
    }

    fn add(&mut self, change: &Change, part: String, touches: Vec<String>, expressions: &Expressions) -> Result<(), Unsupported> {
        if let Change::AddColumn(new) = change {
            self.added.push(new.name.clone());
            self.before.extend(column::sequence(self.table, new)?);
            self.after.extend(column::owned(self.table, new));
            self.after.extend(column::comment(self.table, &new.name, new.comment.as_deref()));
        }
        self.parts.push(part);
        if let Change::SetType { column: old, to, using } = change {
            if using.as_ref().is_some_and(|using| is_in_utc(using, &old.name, &old.ty, to))
                && !self.before.contains(&IN_UTC.to_owned())
            {
                self.before.push(IN_UTC.to_owned());
            }
            self.after.extend(column::counts_on(self.table, old, to)?);
            self.make_anew(&old.name, expressions)?;
        }
        self.touched.extend(touches);
        Ok(())
    }

    /// Creates what is kept as an expression over a column again.
    fn make_anew(&mut self, column: &str, expressions: &Expressions) -> Result<(), Unsupported> {
        for check in expressions.checks(column) {
            if self.is_new(constraint_key(check.name())) {
                self.parts.push(drop_constraint(check));
                self.parts.push(add_constraint(self.columns, check)?);
            }
        }
        for index in expressions.indexes(column) {
            if self.is_new(format!("index {}", index.name())) {
                self.before.push(index::drop(self.table, index));
                self.after.push(index::create(self.table, self.columns, index)?);
            }
        }
        Ok(())
    }

    /// Notes what is created again, and says whether it was not yet.
    fn is_new(&mut self, key: String) -> bool {
        let new = !self.anew.contains(&key);
        if new {
            self.anew.push(key);
        }
        new
    }

    fn flush(&mut self) -> Vec<String> {
        let parts = std::mem::take(&mut self.parts);
        self.touched.clear();
        self.added.clear();
        self.anew.clear();
        let mut statements = std::mem::take(&mut self.before);
        match parts.as_slice() {
            [] => {}
            [only] => statements.push(format!("ALTER TABLE {} {only}", quote::name(self.table))),
            several => statements.push(format!("ALTER TABLE {}\n    {}", quote::name(self.table), several.join(",\n    "))),
        }
        statements.append(&mut self.after);
        statements
    }
}

/// The columns and constraints that a change is about.
fn touches(table: &Name, bodies: [&Table; 2], change: &Change) -> Vec<String> {
    let constraint = |constraint| self::constraint(table, constraint);
    match change {
        Change::AddColumn(column) | Change::DropColumn(column) => vec![column.name.clone()],
        Change::SetType { column, using, .. } => {
            let used = using.iter().flat_map(|using| used(using, bodies));
            std::iter::once(column.name.clone()).chain(used).collect()
        }
        Change::RenameColumn { from, to } => vec![from.clone(), to.clone()],
        Change::SetNotNull(column) | Change::DropNotNull(column) | Change::SetDefault(column, _) => vec![column.clone()],
        Change::DropDefault(column) | Change::Comment(column, _) => vec![column.clone()],
        Change::SetCounter { column, .. } => vec![column.name.clone()],
        Change::CommentTable(_) => Vec::new(),
        Change::AddConstraint(new) | Change::DropConstraint(new) => constraint(new),
        Change::RenameConstraint { constraint: old, to } => {
            vec![constraint_key(old.name()), constraint_key(to)]
        }
        Change::AlterConstraint { before, .. } => constraint(before),
        Change::RenameSequence { .. } => Vec::new(),
    }
}

/// The columns that a conversion reads, or may, in raw SQL: it must see them as the changes before it left them.
fn used(using: &Expr, bodies: [&Table; 2]) -> Vec<String> {
    let columns = bodies.into_iter().flat_map(|body| &body.columns).filter(|column| using.may_use(&column.name));
    columns.map(|column| column.name.as_str()).chain(using.columns()).map(str::to_owned).collect()
}

fn constraint_key(name: &str) -> String {
    format!("constraint {name}")
}

/// The constraint, its columns, and those of the same table that it refers to.
fn constraint(table: &Name, constraint: &Constraint) -> Vec<String> {
    let own = constraint.rule.columns().into_iter().map(str::to_owned);
    let referred = constraint.foreign_key().filter(|key| key.table == *table).map(|key| key.references.clone());
    // Of two keys of the same columns in one statement only one would be made.
    let columns = Some(constraint.rule.key_columns()).filter(|columns| !columns.is_empty());
    let key = columns.map(|columns| format!("key {}", columns.join(" ")));
    own.chain(referred.into_iter().flatten()).chain([constraint_key(constraint.name())]).chain(key).collect()
}

/// How a change is written.
enum Said {
    /// As a part of an `ALTER TABLE`.
    Part(String),
    /// As a statement of its own.
    Alone(String),
    /// As several of them.
    Several(Vec<String>),
}

/// `columns` are those before all changes, over which a conversion is written, and those after them.
fn said(table: &Name, [before, columns]: [&[Column]; 2], change: &Change) -> Result<Said, Unsupported> {
    let name = quote::name(table);
    let column_text = |column: &str, what: &str| format!("ALTER COLUMN {} {what}", quote::ident(column));
    let column_part = |column: &str, what: &str| Said::Part(column_text(column, what));
    Ok(match change {
        Change::AddColumn(new) => Said::Part(format!("ADD COLUMN {}", column::definition(table, new)?)),
        Change::DropColumn(column) => Said::Part(format!("DROP COLUMN {}", quote::ident(&column.name))),
        Change::RenameColumn { from, to } => {
            Said::Alone(format!("ALTER TABLE {name} RENAME COLUMN {} TO {}", quote::ident(from), quote::ident(to)))
        }
        Change::SetType { column: old, to, using } => {
            let ty = types::name(to).map_err(|unsupported| column::at_type(unsupported, old))?;
            let using = match using {
                _ if replaces_enum(old, to) => format!(" USING {}", through_text(before, old, (to, &ty), using.as_ref())?),
                // By assignment PostgreSQL sees that the stored values stay as they are, and does not rewrite the table.
                Some(using) if is_in_utc(using, &old.name, &old.ty, to) => String::new(),
                Some(using) => format!(" USING {}", writer(before).assigned(using, to)?),
                None => uncut(old, to).map(|value| format!(" USING {value}")).unwrap_or_default(),
            };
            Said::Part(with_default(old, to, column_text(&old.name, &format!("TYPE {ty}{using}")))?)
        }
        Change::SetNotNull(column) => column_part(column, "SET NOT NULL"),
        Change::DropNotNull(column) => column_part(column, "DROP NOT NULL"),
        Change::SetDefault(column, default) => {
            column_part(column, &format!("SET DEFAULT {}", default_value(columns, column, default)?))
        }
        Change::DropDefault(column) => column_part(column, "DROP DEFAULT"),
        Change::Comment(column, comment) => {
            let text = comment.as_deref().map_or_else(|| "NULL".to_owned(), quote::text);
            Said::Alone(format!("COMMENT ON COLUMN {name}.{} IS {text}", quote::ident(column)))
        }
        Change::CommentTable(comment) => {
            let text = comment.as_deref().map_or_else(|| "NULL".to_owned(), quote::text);
            Said::Alone(format!("COMMENT ON TABLE {name} IS {text}"))
        }
        Change::SetCounter { column, to } => Said::Several(counter::set(table, column, to.as_ref())?),
        Change::AddConstraint(constraint) => Said::Part(add_constraint(columns, constraint)?),
        Change::DropConstraint(constraint) => Said::Part(drop_constraint(constraint)),
        Change::RenameConstraint { constraint, to } => Said::Alone(format!(
            "ALTER TABLE {name} RENAME CONSTRAINT {} TO {}",
            quote::ident(constraint.name()),
            quote::ident(to)
        )),
        Change::RenameSequence { from, to } => {
            let from = quote::name(&table.sibling(from.as_str()));
            Said::Alone(format!("ALTER SEQUENCE {from} RENAME TO {}", quote::ident(to)))
        }
        Change::AlterConstraint { after, .. } => {
            let when = if after.timing == Timing::Immediate { " NOT DEFERRABLE" } else { timing(after.timing) };
            let initially = if after.timing == Timing::Deferrable { " INITIALLY IMMEDIATE" } else { "" };
            Said::Part(format!("ALTER CONSTRAINT {}{when}{initially}", quote::ident(after.name())))
        }
    })
}

/// A change of type, with the column's default stated again for it: PostgreSQL itself casts some defaults, so that they are kept
/// in another form than one of the new type, and refuses others (manual, "ALTER TABLE", notes).
fn with_default(column: &Column, to: &Type, part: String) -> Sql {
    let Some(default) = column.default.as_ref().filter(|_| column.counter.is_none()) else { return Ok(part) };
    let name = quote::ident(&column.name);
    let value = writer(&[]).assigned(default, to)?;
    Ok([format!("ALTER COLUMN {name} DROP DEFAULT"), part, format!("ALTER COLUMN {name} SET DEFAULT {value}")].join(",\n    "))
}

/// Whether the type takes the place of one of the same name.
fn replaces_enum(old: &Column, to: &Type) -> bool {
    matches!((old.ty.as_enum(), to.as_enum()), (Some(old), Some(new)) if old.name == new.name)
}

/// A value of an enum as one of another: by its name.
fn through_text(columns: &[Column], old: &Column, (to, name): (&Type, &str), using: Option<&Expr>) -> Sql {
    let value = match using {
        Some(using) => format!("({})", writer(columns).expr(using)?),
        None => quote::ident(&old.name),
    };
    let text = if matches!(to, Type::Array(_)) { "text[]" } else { "text" };
    Ok(format!("{value}::{text}::{name}"))
}

/// The text of a column that gets shorter, so that none is cut off: PostgreSQL refuses a text that is too long only where it ends
/// with something else than spaces (manual, "Character Types").
fn uncut(column: &Column, to: &Type) -> Option<String> {
    let Type::Varchar(Some(length)) = to else { return None };
    let value = quote::ident(&column.name);
    (column.ty.conversion(to) == Conversion::Refuses)
        .then(|| format!("CASE WHEN length({value}) > {length} THEN {value} || '.' ELSE {value} END"))
}

/// A default as a value of its column.
fn default_value(columns: &[Column], column: &str, default: &Expr) -> Sql {
    match columns.iter().find(|one| one.name == column) {
        Some(column) => writer(&[]).assigned(default, &column.ty),
        None => writer(&[]).expr(default),
    }
}

/// The statement that drops a constraint.
pub(super) fn drop(table: &Name, constraint: &Constraint) -> String {
    format!("ALTER TABLE {} {}", quote::name(table), drop_constraint(constraint))
}

/// The statement that adds one.
pub(super) fn add(table: &Name, body: &Table, constraint: &Constraint) -> Sql {
    Ok(format!("ALTER TABLE {} {}", quote::name(table), add_constraint(&body.columns, constraint)?))
}

fn add_constraint(columns: &[Column], constraint: &Constraint) -> Result<String, Unsupported> {
    Ok(format!("ADD {}", table::constraint(&writer(columns), constraint)?))
}

fn drop_constraint(constraint: &Constraint) -> String {
    format!("DROP CONSTRAINT {}", quote::ident(constraint.name()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;
    use crate::expr::Binary;
    use crate::schema::{Index, Rule};

    /// A table of two numbers, which a check compares and an index has where both are set.
    fn pair() -> Table {
        let set = |column| Expr::IsNull { operand: Box::new(Expr::column(column)), negated: true };
        let condition = example::binary(Binary::Less, Expr::column("a"), Expr::column("b"));
        let check = Constraint { name: Some("in_order".into()), ..example::constraint(Rule::Check { condition }) };
        let filter = Some(example::binary(Binary::And, set("a"), set("b")));
        Table {
            columns: ["a", "b", "c"].map(|name| example::column(name, Type::Integer)).to_vec(),
            constraints: vec![check],
            indexes: vec![Index { name: Some("both".into()), filter, ..example::index(["a"]) }],
            ..Table::default()
        }
    }

    fn retype(column: &str, using: Option<Expr>) -> Change {
        Change::SetType { column: example::column(column, Type::Integer), to: Type::BigInt, using }
    }

    fn statements(changes: &[Change]) -> Vec<String> {
        alter(&"t".into(), &pair(), &pair(), changes).unwrap_or_default()
    }

    #[test]
    fn what_is_kept_over_two_columns_is_made_anew_once() {
        let statements = statements(&[retype("a", None), retype("b", None)]);
        let count = |what: &str| statements.iter().map(|one| one.matches(what).count()).sum::<usize>();
        for once in ["DROP INDEX", "CREATE INDEX", "DROP CONSTRAINT", "ADD CONSTRAINT", "ALTER TABLE"] {
            assert_eq!(count(once), 1, "{once} in {statements:?}");
        }
    }

    #[test]
    fn a_constraint_that_is_made_anew_is_dropped_in_a_statement_of_its_own() {
        let check = pair().constraints.remove(0);
        let statements = statements(&[retype("a", None), Change::DropConstraint(check)]);
        assert_eq!(statements.last().map(String::as_str), Some("ALTER TABLE \"t\" DROP CONSTRAINT \"in_order\""));
    }

    #[test]
    fn a_conversion_sees_what_was_done_before_it() {
        let add = Change::AddColumn(example::column("new", Type::Integer).null());
        let using = |using| statements(&[add.clone(), retype("c", Some(using))]).len();
        assert_eq!(using(Expr::column("new")), 2);
        assert_eq!(using(Expr::column("c")), 1);
    }
}
