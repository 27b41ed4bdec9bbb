//! Columns of a table that is there already.

use std::fmt;

use crate::check::{column, constraint, expr, name};
use crate::ddl::{Change, Ddl};
use crate::example;
use crate::expr::Expr;
use crate::fact::{Demand, Facts, Loss, Removed};
use crate::name::{Name, Written};
use crate::operation::alter::alter;
use crate::operation::table::{self, complete_counter};
use crate::operation::{DropIndex, Operate, Operation, Reversal, look};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, ForeignKey, Gone, Rule, Schema, Table};
use crate::types::{Conversion, Type};

/// Declares an operation on one column of a table: its fields, and how an `alter table` block writes it.
macro_rules! column_operation {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? } $write:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            /// The table.
            pub table: Name,
            $($(#[$field_doc])* pub $field: $ty),*
        }

        impl fmt::Display for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                let action: fn(&$name) -> String = $write;
                write!(out, "alter table {} {{ {} }}", self.table, action(self))
            }
        }
    };
}

column_operation! {
    /// `add COLUMN: TYPE …;` Constraints written with it are [`AddConstraint`](super::AddConstraint)s that follow.
    AddColumn {
        /// The new column.
        column: Column,
    }
    |this| match &this.column.comment {
        Some(comment) => format!("\n    /// {}\n    add {};\n", comment.replace('\n', "\n    /// "), this.column),
        None => format!("add {};", this.column),
    }
}

column_operation! {
    /// `drop COLUMN;`
    DropColumn {
        /// Its name.
        column: String,
    }
    |this| format!("drop {};", Written(&this.column))
}

column_operation! {
    /// `rename COLUMN to COLUMN;`
    RenameColumn {
        /// The old name.
        from: String,
        /// The new name.
        to: String,
    }
    |this| format!("rename {} to {};", Written(&this.from), Written(&this.to))
}

column_operation! {
    /// `alter COLUMN type TYPE [using EXPR];`
    AlterType {
        /// The column.
        column: String,
        /// The new type.
        to: Type,
        /// How the values are converted; by assignment when absent.
        using: Option<Expr>,
    }
    |this| match &this.using {
        Some(using) => format!("alter {} type {} using {using};", Written(&this.column), this.to),
        None => format!("alter {} type {};", Written(&this.column), this.to),
    }
}

column_operation! {
    /// `alter COLUMN set not null;`
    SetNotNull {
        /// The column.
        column: String,
    }
    |this| format!("alter {} set not null;", Written(&this.column))
}

column_operation! {
    /// `alter COLUMN drop not null;`
    DropNotNull {
        /// The column.
        column: String,
    }
    |this| format!("alter {} drop not null;", Written(&this.column))
}

column_operation! {
    /// `alter COLUMN set default EXPR;`
    SetDefault {
        /// The column.
        column: String,
        /// The value that new rows get.
        default: Expr,
    }
    |this| format!("alter {} set default {};", Written(&this.column), this.default)
}

column_operation! {
    /// `alter COLUMN drop default;`
    DropDefault {
        /// The column.
        column: String,
    }
    |this| format!("alter {} drop default;", Written(&this.column))
}

column_operation! {
    /// `comment COLUMN "…";`
    CommentColumn {
        /// The column.
        column: String,
        /// The comment; an empty text removes it.
        comment: Option<String>,
    }
    |this| format!("comment {} {:?};", Written(&this.column), this.comment.as_deref().unwrap_or_default())
}

impl Operate for AddColumn {
    fn complete(&mut self, before: &Schema) {
        complete_counter(before, &self.table, &mut self.column);
    }

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = look::table(schema, &self.table, Role::Table, problems) else { return };
        if let Some(there) = table.column(&self.column.name) {
            table::column_exists(&self.table, &there.name, look::made(schema, there.since), problems);
            return;
        }
        column::column(schema, &self.table, &self.column, problems);
        let since = schema.now();
        let Some(table) = schema.table_mut(&self.table) else { return };
        table.columns.push(Column { since, ..self.column.clone() });
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropColumn { table: self.table.clone(), column: self.column.name.clone() }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        let demand = Demand::Empty { table: self.table.clone(), column: self.column.name.clone() };
        Facts { demands: self.column.is_required().then_some(demand).into_iter().collect(), ..Facts::default() }
    }

    fn ask_before(&self, demand: Demand) -> Option<Demand> {
        (!demand.uses(&self.table, &self.column.name)).then_some(demand)
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::AddColumn(self.column.clone())])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        let add = |column: Column| (example::schema(), AddColumn { table: "users".into(), column }.into());
        vec![
            add(example::column("phone", Type::Text).null().commented("With the country's code.")),
            add(example::column("plan", Type::Varchar(Some(20))).defaulting(Expr::Text("free".into()))),
            add(example::column("seen_at", Type::Timestamptz)
                .defaulting(Expr::Call { function: "now".into(), arguments: Vec::new() })),
        ]
    }
}

impl Operate for DropColumn {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = look::table(schema, &self.table, Role::Table, problems) else { return };
        if look::column(schema, &self.table, table, &self.column, Role::Column, problems).is_none() {
            return;
        }
        self.unused(schema, table, problems);
        let now = schema.now();
        let Some(table) = schema.table_mut(&self.table) else { return };
        table.columns.retain(|column| column.name != self.column);
        schema.gone.insert(Gone::Column(self.table.clone(), self.column.clone()), now);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column));
        let Some(column) = column.cloned() else { return Reversal::Back(Vec::new()) };
        if column.is_required() {
            let shown = Written(&self.column);
            let why = format!("`{shown}` is not null and has no default, so the rows would have no value for it");
            let write = format!("drop {shown} undo {{ add {shown}: {} default …; alter {shown} drop default; }};", column.ty);
            return Reversal::Impossible { why, write };
        }
        Reversal::Back(vec![AddColumn { table: self.table.clone(), column }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts {
            loses: vec![Loss::Values(self.table.clone(), self.column.clone())],
            removes: vec![Removed::Column(self.table.clone(), self.column.clone())],
            ..Facts::default()
        }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column)).cloned();
        alter(&self.table, before, after, column.map(Change::DropColumn).into_iter().collect())
    }

    fn examples() -> Vec<(Schema, Operation)> {
        let drop =
            |table: &str, column: &str| (example::schema(), DropColumn { table: table.into(), column: column.into() }.into());
        vec![drop("posts", "score"), drop("users", "active")]
    }
}

impl DropColumn {
    /// Rule `drop_column_used`.
    fn unused(&self, schema: &Schema, table: &Table, problems: &mut Problems) {
        let mut users: Vec<(String, String)> = Vec::new();
        for constraint in table.constraints.iter().filter(|constraint| constraint.rule.columns().contains(&self.column.as_str()))
        {
            users.push(table::drop_constraint(&self.table, constraint));
        }
        for index in table.indexes.iter().filter(|index| index.columns().contains(&self.column.as_str())) {
            let drop = DropIndex { name: self.table.sibling(index.name()) };
            users.push((format!("the index `{}`", index.name()), format!("`{drop}`")));
        }
        for (owner, constraint, _) in schema.incoming(&self.table).filter(|(_, _, key)| key.references.contains(&self.column)) {
            users.push(table::drop_constraint(owner, constraint));
        }
        users.dedup();
        if !users.is_empty() {
            let what: Vec<&str> = users.iter().map(|(what, _)| what.as_str()).collect();
            let how: Vec<&str> = users.iter().map(|(_, how)| how.as_str()).collect();
            let message = format!("`{}` is still used by {}", Written(&self.column), what.join(" and "));
            let slot = Slot::new(Role::Column, &self.column);
            problems.push(Problem::new("drop_column_used", slot, message).help(format!("write before it: {}", how.join(" "))));
        }
    }
}

impl Operate for RenameColumn {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some(table) = look::table(schema, &self.table, Role::Table, problems) else { return };
        if look::column(schema, &self.table, table, &self.from, Role::Column, problems).is_none() {
            return;
        }
        if self.from == self.to {
            look::changes_nothing(Role::To, &self.to, format!("`{}` has this name already", Written(&self.to)), problems);
            return;
        }
        if let Some(there) = table.column(&self.to) {
            let message = format!("`{}` has a column `{}` already", self.table, Written(&self.to));
            let made = look::made(schema, there.since);
            problems.push(Problem::new("column_exists", Slot::new(Role::To, &self.to), message).note_if(made));
            return;
        }
        name::new_name(schema, Role::To, &self.to, problems);
        self.follow(schema);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        let RenameColumn { table, from, to } = self.clone();
        Reversal::Back(vec![RenameColumn { table, from: to, to: from }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn ask_before(&self, mut demand: Demand) -> Option<Demand> {
        demand.rename_column(&self.table, &self.to, &self.from);
        Some(demand)
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::RenameColumn { from: self.from.clone(), to: self.to.clone() }])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        let rename = |table: &str, from: &str, to: &str| {
            (example::schema(), RenameColumn { table: table.into(), from: from.into(), to: to.into() }.into())
        };
        vec![rename("users", "id", "key"), rename("users", "visits", "type"), rename("posts", "title", "Head line")]
    }
}

impl RenameColumn {
    /// Renames the column, and lets constraints and indexes follow, those of other tables too.
    fn follow(&self, schema: &mut Schema) {
        let now = schema.now();
        let owners: Vec<Name> = schema.incoming(&self.table).map(|(owner, ..)| owner.clone()).collect();
        if let Some(table) = schema.table_mut(&self.table) {
            if let Some(column) = table.column_mut(&self.from) {
                column.name.clone_from(&self.to);
                column.since = now;
            }
            for constraint in &mut table.constraints {
                if constraint.rule.columns().contains(&self.from.as_str()) {
                    constraint.rule.rename_column(&self.from, &self.to);
                    constraint.since = now;
                }
            }
            for index in &mut table.indexes {
                if index.columns().contains(&self.from.as_str()) {
                    index.rename_column(&self.from, &self.to);
                    index.since = now;
                }
            }
        }
        for owner in owners {
            for constraint in schema.table_mut(&owner).into_iter().flat_map(|table| &mut table.constraints) {
                if let Rule::ForeignKey(key) = &mut constraint.rule
                    && key.table == self.table
                {
                    key.references
                        .iter_mut()
                        .filter(|column| **column == self.from)
                        .for_each(|column| column.clone_from(&self.to));
                    constraint.since = now;
                }
            }
        }
        schema.gone.insert(Gone::Column(self.table.clone(), self.from.clone()), now);
    }
}

impl Operate for AlterType {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.ty == self.to {
            let why = format!("`{}` is `{}` already", Written(&self.column), self.to);
            look::changes_nothing(Role::Type, &self.column, why, problems);
            return;
        }
        match &self.using {
            Some(using) => expr::using(schema, &self.table, table, using, &self.to, problems),
            None => self.needs_using(column, problems),
        }
        let changed = Column { ty: self.to.clone(), ..column.clone() };
        column::column(schema, &self.table, &changed, problems);
        change(schema, &self.table, &self.column, |column| column.ty = self.to.clone());
        self.still_fits(schema, problems);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let Some(from) = self.before(before) else { return Reversal::Back(Vec::new()) };
        let back = |using| AlterType { table: self.table.clone(), column: self.column.clone(), to: from.clone(), using };
        if self.using.is_some() || self.to.conversion(from) == Conversion::Unknown {
            let shown = Written(&self.column);
            let why = format!("the compiler cannot know how `{}` becomes `{from}` again", self.to);
            let write = format!("… undo {{ alter {shown} type {from} using {shown}::{from}; }};");
            return Reversal::Impossible { why, write };
        }
        Reversal::Back(vec![back(None).into()])
    }

    fn facts(&self, before: &Schema) -> Facts {
        let Some(from) = self.before(before) else { return Facts::default() };
        let (table, column) = (self.table.clone(), self.column.clone());
        let conversion = from.conversion(&self.to);
        let rounds = self.using.is_some() || conversion == Conversion::Rounds;
        let fits = self.using.is_none() && matches!(conversion, Conversion::Rounds | Conversion::Refuses);
        let demand = Demand::Fits { table: table.clone(), column: column.clone(), from: from.clone(), to: self.to.clone() };
        Facts {
            loses: rounds.then_some(Loss::Precision(table, column)).into_iter().collect(),
            demands: fits.then_some(demand).into_iter().collect(),
            removes: Vec::new(),
        }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column)).cloned();
        let change = |column| Change::SetType { column, to: self.to.clone(), using: self.using.clone() };
        alter(&self.table, before, after, column.map(change).into_iter().collect())
    }

    fn examples() -> Vec<(Schema, Operation)> {
        let alter = |table: &str, column: &str, to: Type| {
            (example::schema(), AlterType { table: table.into(), column: column.into(), to, using: None }.into())
        };
        vec![
            alter("users", "email", Type::Text),
            alter("users", "visits", Type::BigInt),
            alter("users", "nickname", Type::Varchar(Some(40))),
        ]
    }
}

impl AlterType {
    fn before<'a>(&self, schema: &'a Schema) -> Option<&'a Type> {
        Some(&schema.table(&self.table)?.column(&self.column)?.ty)
    }

    /// Rule `type_needs_using`.
    fn needs_using(&self, column: &Column, problems: &mut Problems) {
        if column.ty.conversion(&self.to) == Conversion::Unknown {
            let shown = Written(&self.column);
            let message = format!("no database makes `{}` of `{}` by itself", self.to, column.ty);
            let help = format!("say how: `alter {shown} type {} using {shown}::{};`", self.to, self.to);
            problems.push(Problem::new("type_needs_using", Slot::new(Role::Type, &self.column), message).help(help));
        }
    }

    /// Looks again at what uses the column: conditions, and the foreign keys from and to it.
    fn still_fits(&self, schema: &Schema, problems: &mut Problems) {
        let Some(table) = schema.table(&self.table) else { return };
        for constraint in table.constraints.iter().filter(|constraint| constraint.rule.columns().contains(&self.column.as_str()))
        {
            match &constraint.rule {
                Rule::Check { condition } => expr::condition(schema, &self.table, table, condition, problems),
                Rule::ForeignKey(key) => {
                    let Some(target) = schema.table(&key.table) else { continue };
                    constraint::foreign_key_type(table, target, key, problems);
                }
                Rule::PrimaryKey { .. } | Rule::Unique { .. } => {}
            }
        }
        for (owner, _, key) in
            schema.incoming(&self.table).filter(|(owner, _, key)| key.references.contains(&self.column) && **owner != self.table)
        {
            self.still_referred(schema, owner, key, problems);
        }
    }

    /// Rule `foreign_key_type`, where the column referred to is the one that changes.
    fn still_referred(&self, schema: &Schema, owner: &Name, key: &ForeignKey, problems: &mut Problems) {
        let Some(table) = schema.table(owner) else { return };
        for (own, _) in key.columns.iter().zip(&key.references).filter(|(_, other)| **other == self.column) {
            let Some(own) = table.column(own).filter(|own| own.ty.family() != self.to.family()) else { continue };
            let message = format!(
                "`{owner}.{}` refers to it and is `{}`, which is not compared with `{}`",
                Written(&own.name),
                own.ty,
                self.to
            );
            let problem = Problem::new("foreign_key_type", Slot::new(Role::Type, &self.column), message);
            problems.push(problem.help("drop the foreign key first, change both columns, and add it again"));
        }
    }
}

impl Operate for SetNotNull {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((_, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if !column.nullable {
            look::changes_nothing(
                Role::Column,
                &self.column,
                format!("`{}` is not null already", Written(&self.column)),
                problems,
            );
        }
        change(schema, &self.table, &self.column, |column| column.nullable = false);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![DropNotNull { table: self.table.clone(), column: self.column.clone() }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        let demand = Demand::NotNull { table: self.table.clone(), column: self.column.clone() };
        Facts { demands: vec![demand], ..Facts::default() }
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::SetNotNull(self.column.clone())])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), SetNotNull { table: "users".into(), column: "nickname".into() }.into())]
    }
}

impl Operate for DropNotNull {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((table, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.nullable {
            look::changes_nothing(
                Role::Column,
                &self.column,
                format!("`{}` may be null already", Written(&self.column)),
                problems,
            );
        }
        if table.primary_key().contains(&self.column) || column.counter.is_some() {
            let message =
                format!("`{}` is never null: it is in the primary key, or numbered by the database", Written(&self.column));
            let problem = Problem::new("nullable_primary_key", Slot::new(Role::Column, &self.column), message);
            problems.push(problem.help("drop the primary key first"));
        }
        change(schema, &self.table, &self.column, |column| column.nullable = true);
    }

    fn reverse(&self, _before: &Schema) -> Reversal {
        Reversal::Back(vec![SetNotNull { table: self.table.clone(), column: self.column.clone() }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::DropNotNull(self.column.clone())])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), DropNotNull { table: "users".into(), column: "email".into() }.into())]
    }
}

impl Operate for SetDefault {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((_, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.default.as_ref() == Some(&self.default) {
            let why = format!("`{}` is the default already", self.default);
            look::changes_nothing(Role::Default, &self.column, why, problems);
        }
        let changed = Column { default: Some(self.default.clone()), ..column.clone() };
        column::column(schema, &self.table, &changed, problems);
        change(schema, &self.table, &self.column, |column| column.default = Some(self.default.clone()));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        restore_default(&self.table, &self.column, before)
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::SetDefault(self.column.clone(), self.default.clone())])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        let set = |column: &str, default: Expr| {
            (example::schema(), SetDefault { table: "users".into(), column: column.into(), default }.into())
        };
        vec![set("visits", Expr::Number("1".into())), set("nickname", Expr::Text("it's me \\o/".into()))]
    }
}

impl Operate for DropDefault {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((_, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.default.is_none() {
            look::changes_nothing(Role::Column, &self.column, format!("`{}` has no default", Written(&self.column)), problems);
        }
        change(schema, &self.table, &self.column, |column| column.default = None);
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        restore_default(&self.table, &self.column, before)
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::DropDefault(self.column.clone())])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        vec![(example::schema(), DropDefault { table: "users".into(), column: "visits".into() }.into())]
    }
}

impl Operate for CommentColumn {
    fn complete(&mut self, _before: &Schema) {}

    fn apply(&self, schema: &mut Schema, problems: &mut Problems) {
        let Some((_, column)) = find(schema, &self.table, &self.column, problems) else { return };
        if column.comment == self.comment {
            let why = format!("this is the comment of `{}` already", Written(&self.column));
            look::changes_nothing(Role::Column, &self.column, why, problems);
        }
        change(schema, &self.table, &self.column, |column| column.comment.clone_from(&self.comment));
    }

    fn reverse(&self, before: &Schema) -> Reversal {
        let column = before.table(&self.table).and_then(|table| table.column(&self.column));
        let comment = column.and_then(|column| column.comment.clone());
        Reversal::Back(vec![CommentColumn { table: self.table.clone(), column: self.column.clone(), comment }.into()])
    }

    fn facts(&self, _before: &Schema) -> Facts {
        Facts::default()
    }

    fn lower(&self, before: &Schema, after: &Schema) -> Vec<Ddl> {
        alter(&self.table, before, after, vec![Change::Comment(self.column.clone(), self.comment.clone())])
    }

    fn examples() -> Vec<(Schema, Operation)> {
        let comment = |comment: Option<String>| {
            (example::schema(), CommentColumn { table: "users".into(), column: "nickname".into(), comment }.into())
        };
        vec![comment(Some("It's \"short\".".into())), comment(None)]
    }
}

/// The column and its table, or what is missing.
fn find<'a>(schema: &'a Schema, table: &Name, column: &str, problems: &mut Problems) -> Option<(&'a Table, &'a Column)> {
    let body = look::table(schema, table, Role::Table, problems)?;
    Some((body, look::column(schema, table, body, column, Role::Column, problems)?))
}

/// Changes a column that is there, and notes who did.
fn change(schema: &mut Schema, table: &Name, column: &str, change: impl FnOnce(&mut Column)) {
    let now = schema.now();
    if let Some(column) = schema.table_mut(table).and_then(|table| table.column_mut(column)) {
        change(column);
        column.since = now;
    }
}

/// The way back to the default that was there, or to none.
fn restore_default(table: &Name, column: &str, before: &Schema) -> Reversal {
    let was = before.table(table).and_then(|table| table.column(column)).and_then(|column| column.default.clone());
    let (table, column) = (table.clone(), column.to_owned());
    Reversal::Back(vec![match was {
        Some(default) => SetDefault { table, column, default }.into(),
        None => DropDefault { table, column }.into(),
    }])
}
