//! Statements of raw SQL that are dangerous for running instances of the application.

use std::collections::BTreeSet;

use migrate_history::Database;
use migrate_history::sql::tokens;

use super::finding::{Danger, RawDanger};
use super::reader::{RawName, RawReader};
use super::statement::{RawStatement, statements};
use super::{alter, rows};

/// What is dangerous in a text, each once. What the text itself creates is not in use yet; `known` are the names that existed before.
pub(crate) fn dangers(text: &str, database: Database, known: &dyn Fn(&RawName) -> bool) -> Vec<RawDanger> {
    let (tokens, _) = tokens(text, database);
    let mut made: BTreeSet<RawName> = BTreeSet::new();
    let mut altered: Vec<RawName> = Vec::new();
    let mut found = BTreeSet::new();
    for statement in statements(&tokens).0 {
        let is_made = |on: &[RawName]| !on.is_empty() && on.iter().all(|name| made.contains(name));
        let all = of_statement(&statement, &altered).into_iter();
        found.extend(all.filter(|one| !is_made(&one.on)).collect::<Vec<_>>());
        made.extend(created(&statement).filter(|name| !known(name)));
        if let Some((from, to)) = alter::renamed(&statement).filter(|(from, _)| made.contains(from)) {
            made.remove(&from);
            made.insert(to);
        }
        altered.extend(alter::table(&statement));
    }
    found.into_iter().collect()
}

/// The names of what a text creates.
pub(crate) fn creates(text: &str, database: Database) -> Vec<RawName> {
    let (tokens, _) = tokens(text, database);
    statements(&tokens).0.iter().filter_map(created).collect()
}

/// What goes, as it is called, by its keywords.
const DROPPED: &[(&[&str], &str)] = &[
    (&["TABLE"], "table"),
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
    (&["OPERATOR"], "operator"),
    (&["TRIGGER"], "trigger"),
    (&["RULE"], "rule"),
    (&["POLICY"], "policy"),
    (&["SCHEMA"], "schema"),
    (&["EXTENSION"], "extension"),
    (&["OWNED"], "everything that a role owns"),
    (&["DATABASE"], "database"),
    (&["SERVER"], "server"),
    (&["FOREIGN", "DATA", "WRAPPER"], "foreign data wrapper"),
    (&["USER", "MAPPING"], "user mapping"),
    (&["LANGUAGE"], "language"),
    (&["CAST"], "cast"),
    (&["COLLATION"], "collation"),
    (&["CONVERSION"], "conversion"),
    (&["ROLE"], "role"),
    (&["USER"], "role"),
    (&["GROUP"], "role"),
    (&["PUBLICATION"], "publication"),
    (&["SUBSCRIPTION"], "subscription"),
    (&["STATISTICS"], "statistics"),
    (&["TEXT", "SEARCH"], "text search object"),
    (&["EVENT", "TRIGGER"], "event trigger"),
    (&["ACCESS", "METHOD"], "access method"),
    (&["TRANSFORM"], "transform"),
    (&["TABLESPACE"], "tablespace"),
];

fn of_statement(statement: &RawStatement<'_>, altered: &[RawName]) -> Vec<RawDanger> {
    let mut reader = RawReader(&statement.tokens);
    if reader.take(&["ALTER"]) {
        return alter::dangers(statement, altered);
    }
    if reader.take(&["DROP"]) {
        return drops(reader).into_iter().collect();
    }
    let one = |danger, on: Option<RawName>| vec![RawDanger::new(danger, on.into_iter().collect())];
    if reader.take(&["CREATE", "INDEX"]) || reader.take(&["CREATE", "UNIQUE", "INDEX"]) {
        reader.find("ON");
        reader.skip(&["ONLY"]);
        return one(Danger::CreateIndex, reader.name());
    }
    if reader.take(&["REINDEX"]) {
        reader.skip(&["INDEX", "TABLE", "SCHEMA"]);
        return one(Danger::Reindex, reader.name());
    }
    if reader.take(&["LOCK"]) {
        reader.skip(&["TABLE"]);
        return vec![RawDanger::new(Danger::Lock, reader.names())];
    }
    if reader.take(&["TRUNCATE"]) {
        reader.skip(&["TABLE"]);
        return vec![RawDanger::new(Danger::Truncate, reader.names())];
    }
    if reader.take(&["CLUSTER"]) {
        reader.skip(&["VERBOSE"]);
        return one(Danger::Rewrite, reader.name());
    }
    if reader.take(&["REFRESH", "MATERIALIZED", "VIEW"]) {
        return if reader.is_next(&["CONCURRENTLY"]) { Vec::new() } else { one(Danger::Refresh, reader.name()) };
    }
    rows::dangers(statement)
}

/// `DROP KIND [IF EXISTS] NAME, … [ON TABLE]`
fn drops(mut reader: RawReader<'_, '_>) -> Option<RawDanger> {
    if reader.take(&["INDEX"]) {
        reader.take(&["IF", "EXISTS"]);
        return Some(RawDanger::new(Danger::DropIndex, reader.names()));
    }
    let (_, what) = DROPPED.iter().find(|(keywords, _)| reader.take(keywords))?;
    reader.take(&["IF", "EXISTS"]);
    let names = reader.names();
    let table = if reader.find("ON") { reader.name() } else { None };
    Some(RawDanger::new(Danger::Drop(what), table.map_or(names, |table| vec![table])))
}

/// `CREATE KIND [IF NOT EXISTS] NAME`; not what a `CREATE OR REPLACE` may find there.
fn created(statement: &RawStatement<'_>) -> Option<RawName> {
    let mut reader = RawReader(&statement.tokens);
    if !reader.take(&["CREATE"]) {
        return None;
    }
    reader.skip(&["GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED", "UNIQUE", "RECURSIVE", "CONSTRAINT"]);
    let kinds = DROPPED.iter().map(|(keywords, _)| *keywords).chain([["INDEX"].as_slice()]);
    let is_known = kinds.into_iter().any(|keywords| reader.take(keywords));
    reader.take(&["IF", "NOT", "EXISTS"]);
    if is_known { reader.name() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, database: Database) -> Vec<Danger> {
        dangers(text, database, &|_| false).into_iter().map(|one| one.danger).collect()
    }

    #[test]
    fn what_is_dangerous_is_seen_whatever_is_beside_it() {
        let cases: &[(&str, &[Danger])] = &[
            ("create unique index i on t (a)", &[Danger::CreateIndex]),
            ("reindex (verbose) table t", &[Danger::Reindex]),
            ("drop index if exists i", &[Danger::DropIndex]),
            ("LOCK TABLE t IN SHARE MODE; truncate t", &[Danger::Lock, Danger::Truncate]),
            ("alter table t drop column a", &[Danger::Drop("column")]),
            ("drop table if exists t cascade", &[Danger::Drop("table")]),
            ("drop event trigger e", &[Danger::Drop("event trigger")]),
            ("drop foreign data wrapper w cascade", &[Danger::Drop("foreign data wrapper")]),
            ("delete from t where true; update t set a = 1 where 1 = 1 and not false", &[Danger::UpdateAll, Danger::DeleteAll]),
            ("explain (analyze) delete from t", &[Danger::DeleteAll]),
            ("explain analyze verbose update t set a = 1", &[Danger::UpdateAll]),
            ("delete from t where a", &[]),
            ("alter table t add constraint c check (a > 0) not valid, validate constraint c", &[Danger::Validate]),
            ("alter table t drop a", &[Danger::Drop("column")]),
            ("alter table t drop constraint a, alter b drop not null", &[]),
            ("drop view if exists v", &[Danger::Drop("view")]),
            ("drop materialized view v", &[Danger::Drop("materialized view")]),
            ("drop function f(integer, text) cascade", &[Danger::Drop("function")]),
            ("drop trigger x on t", &[Danger::Drop("trigger")]),
            ("alter type mood drop attribute a", &[Danger::Drop("attribute")]),
            ("alter table t alter a type bigint", &[Danger::Type]),
            ("alter table t alter column a set data type bigint using a::bigint", &[Danger::Type]),
            ("alter table t set access method heap", &[Danger::Rewrite]),
            ("alter table t set unlogged", &[Danger::Rewrite]),
            ("alter table t alter a set expression as (b + 1)", &[Danger::Rewrite]),
            ("cluster verbose t using i", &[Danger::Rewrite]),
            ("refresh materialized view v", &[Danger::Refresh]),
            ("refresh materialized view concurrently v", &[]),
            ("alter table if exists only t add unique (a)", &[Danger::AddKey]),
            ("alter table t add constraint x primary key (a)", &[Danger::AddKey]),
            ("alter table t add constraint x unique using index i", &[]),
            ("alter table t add constraint x exclude using gist (a with =)", &[Danger::AddKey]),
            ("alter table t add exclude integer", &[]),
            ("alter table t add constraint x check (a > 0)", &[Danger::Check]),
            ("alter table t add check (a > 0) not valid", &[]),
            ("alter table t add foreign key (a) references u", &[Danger::ForeignKey]),
            ("alter table t add constraint x foreign key (a) references u (b) not valid", &[]),
            ("alter table t add constraint x not null a", &[Danger::NotNull]),
            ("alter table t alter column a set not null", &[Danger::NotNull]),
            ("alter table t add check (a > 0) not valid; alter table t validate constraint t_check", &[Danger::Validate]),
            ("alter table t validate constraint t_check", &[]),
            ("alter table t add a integer, add column if not exists b text default 'x' not null", &[]),
            ("alter table t add a timestamptz default now(), add b varchar(3) default 'x'::varchar(3)", &[]),
            ("alter table t add a timestamptz not null default current_timestamp(3)", &[]),
            ("alter table t add a uuid default gen_random_uuid()", &[Danger::Fill]),
            ("alter table t add a float default (1 + random()) not null", &[Danger::Fill]),
            ("alter table t add id bigserial", &[Danger::Fill]),
            ("alter table t add id bigint generated by default as identity", &[Danger::Fill]),
            ("alter table t add a integer generated always as (b + 1) stored", &[Danger::Fill]),
            ("alter table t add a integer generated always as (b + 1) virtual", &[]),
            ("alter table t add a integer unique", &[Danger::AddKey]),
            ("alter table t add a integer check (a > 0)", &[Danger::Check]),
            ("alter table t add a integer references u", &[]),
            ("alter table t add a integer default 1 references u", &[Danger::ForeignKey]),
            ("alter table t alter a set default random()", &[]),
            ("alter table t rename a to b", &[Danger::Rename("column")]),
            ("alter table t rename to u", &[Danger::Rename("table")]),
            ("alter table t set schema s", &[Danger::Rename("table")]),
            ("alter table t rename constraint a to b", &[]),
            ("alter index i rename to j", &[]),
            ("alter type mood rename value 'a' to 'b'", &[Danger::Rename("value")]),
            ("alter type mood rename to temper", &[Danger::Rename("type")]),
            ("alter type mood add value 'c'", &[]),
            ("alter view v rename column a to b", &[Danger::Rename("view")]),
            ("alter function f(integer) set schema s", &[Danger::Rename("function")]),
            ("alter domain d add check (value > 0)", &[Danger::Check]),
            ("alter domain d add check (value > 0) not valid", &[]),
            ("update t set a = 1", &[Danger::UpdateAll]),
            ("update t set a = 1 where b", &[]),
            ("update t set a = (select 1 from u where b)", &[Danger::UpdateAll]),
            ("delete from t", &[Danger::DeleteAll]),
            ("delete from t using u where t.a = u.a", &[]),
            ("with x as (delete from t returning *) insert into u select * from x", &[Danger::DeleteAll]),
            ("with x as (select 1 where true) update t set a = 1", &[Danger::UpdateAll]),
            ("with x as (select 1) delete from t where a in (select * from x)", &[]),
            ("insert into t (a) values (1) on conflict (a) do update set a = 2", &[]),
            ("select * from t for update", &[]),
            ("create rule r as on insert to t do also (delete from u)", &[]),
            ("create trigger x after update on t for each row execute function f()", &[]),
            ("insert into t values ('drop table t')", &[]),
            ("-- drop table t\nselect 1", &[]),
            ("create table index (a integer)", &[]),
        ];
        for (text, found) in cases {
            let mut found = found.to_vec();
            found.sort_unstable();
            assert_eq!(of(text, Database::Postgres), found, "{text}");
        }
    }

    #[test]
    fn what_a_text_creates_is_not_in_use() {
        for text in [
            "create table t (a integer); create index i on t (a); alter table t add unique (a), drop a; drop table t",
            "create temp table t as select 1; update t set a = 1; delete from t; truncate only t",
            "create table if not exists s.t (a integer); alter table t rename to u; alter table u add check (a > 0)",
            "create view v as select 1; drop view v",
            "create index i on t (a) where false; drop index i",
        ] {
            let found = of(text, Database::Postgres);
            assert!(
                found.iter().all(|danger| *danger == Danger::CreateIndex && text.contains("where false")),
                "{text}: {found:?}"
            );
        }
        let known = |name: &RawName| name.name == "t";
        let text = "create table if not exists t (a integer); drop table t";
        assert_eq!(dangers(text, Database::Postgres, &known).len(), 1);
        assert_eq!(of("create or replace view v as select 1; drop view v", Database::Postgres), [Danger::Drop("view")]);
    }

    #[test]
    fn what_it_is_done_to_is_named() {
        for (text, name) in [
            ("create index on only s.t (a)", "t"),
            ("alter table if exists only T drop a", "t"),
            ("drop trigger x on t", "t"),
            ("lock t in share mode", "t"),
            ("delete from only t", "t"),
            ("with x as (update t set a = 1) select 1", "t"),
        ] {
            let found = dangers(text, Database::Postgres, &|_| false);
            let names: Vec<&str> = found.iter().flat_map(|one| &one.on).map(|name| name.name.as_str()).collect();
            assert_eq!(names, [name], "{text}");
        }
        assert!(dangers("drop table \"T\"", Database::Postgres, &|_| false)[0].on.is_empty());
    }
}
