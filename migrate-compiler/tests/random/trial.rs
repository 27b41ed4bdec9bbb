//! Migrations for whatever schema there is, each about one rule: some break it, the others keep it.

use migrate_compiler::draft::Draft;
use migrate_compiler::name::Written;
use migrate_compiler::parse;
use migrate_compiler::types::Type;
use migrate_history::Database;

use super::mistake::MISTAKES;
use super::spot::Spot;

/// A migration about a rule, written for a place: `{t}` is the table, `{c}` the column, `{d}` the database.
struct Trial {
    rule: &'static str,
    /// Where it can be written.
    place: fn(&Spot<'_>) -> bool,
    text: &'static str,
}

const fn at(rule: &'static str, place: fn(&Spot<'_>) -> bool, text: &'static str) -> Trial {
    Trial { rule, place, text }
}

const fn trial(rule: &'static str, text: &'static str) -> Trial {
    at(rule, |_| true, text)
}

/// One that PostgreSQL alone can have.
const fn postgres(rule: &'static str, text: &'static str) -> Trial {
    at(rule, |at| at.schema.databases.as_ref() == [Database::Postgres], text)
}

/// The column may be dropped: it may be null, nothing uses it, and it is not the last one.
fn is_dropped(at: &Spot<'_>) -> bool {
    at.column.nullable && at.is_unused() && at.table.columns.len() > 1
}

/// What breaks a rule, besides [`MISTAKES`], which are made of operations.
const BROKEN: &[Trial] = &[
    trial("cast_type", "create table fresh { a: date?, check (a::boolean) }"),
    trial("constant_unique", "alter table {t} { add fresh: integer default 5 unique; }"),
    trial("counter_default", "create table fresh { id: bigint primary key identity default 7 }"),
    trial("counter_nullable", "create table fresh { id: bigint? identity, a: integer primary key }"),
    trial("counter_type", "create table fresh { id: text primary key identity }"),
    trial(
        "drop_table_used",
        "create table fresh { id: integer primary key } create table other { up: integer? references fresh } drop table fresh;",
    ),
    trial("duplicate_key", "create table fresh { a: integer unique } alter table fresh { add again: unique (a); }"),
    trial("expect_query", "expect \"nothing\" sql(\"VACUUM\");"),
    trial("expect_query", "create table fresh { a: integer } expect \"nothing\" sql(\"SELECT count(*) FROM fresh\");"),
    trial("kept_data", "alter table {t} { add fresh: integer?; drop fresh keep data; alter _kept_fresh set not null; }"),
    trial("kept_data", "create table fresh { a: integer } drop table fresh keep data; rename table _kept_fresh to other;"),
    trial("unknown_kept", "restore table fresh;"),
    trial("unknown_kept", "alter table {t} { restore fresh; }"),
    trial("keep_rows", "create table fresh { a: integer } delete from fresh where a = 1 keep data;"),
    trial("keep_rows", "create table fresh { id: bigint primary key } update fresh set id = id + 1 where id = 1 keep data;"),
    trial("foreign_key_type", "create table fresh { id: uuid primary key, up: integer? references fresh }"),
    postgres("index_method", "create table fresh { tags: text[]? } create index on fresh using gni (tags);"),
    postgres("key_type", "create table fresh { a: postgres::point primary key }"),
    trial(
        "key_used",
        "create table fresh { id: integer primary key, up: integer? references fresh } alter table fresh { drop constraint fresh_pkey; }",
    ),
    postgres("not_immutable", "create table fresh { d: timestamptz? } create index on fresh (d) where d > now();"),
    trial("nullable_primary_key", "create table fresh { id: integer? primary key }"),
    postgres("object_exists", "create schema fresh; create schema fresh;"),
    trial("object_exists", r#"create enum fresh ("a"); create enum other ("b"); rename enum other to fresh;"#),
    postgres("object_used", "create schema fresh; create table fresh.t { id: bigint primary key } drop schema fresh;"),
    trial("object_used", r#"create enum fresh ("a"); create table other { f: fresh } drop enum fresh;"#),
    postgres("operator_class", "create table fresh { a: integer? } create index on fresh (a with text_pattern_ops);"),
    postgres("raw_client", r#"sql r"\copy t FROM 'rows.csv'" as nothing undo nothing "tested";"#),
    postgres("raw_concurrently", r#"sql "REINDEX (CONCURRENTLY) TABLE t" as nothing undo nothing "tested";"#),
    postgres("raw_copy", r#"sql "COPY t FROM STDIN" as nothing undo nothing "tested";"#),
    trial("raw_names_column", r#"create table fresh { a: integer?, check (sql("a > 0")) } alter table fresh { rename a to b; }"#),
    trial("raw_outside", r#"sql "VACUUM" as nothing undo nothing "tested";"#),
    trial("raw_transaction", r#"sql "COMMIT" as nothing undo nothing "tested";"#),
    trial("row_arity", "create table fresh { a: integer?, b: integer?, check ((a, b) > (1, 2, 3)) }"),
    trial("row_value", "create table fresh { a: integer?, b: integer?, check ((a, b) is not null) }"),
    postgres("unknown_object", "drop schema fresh;"),
    trial("unknown_object", r#"alter enum fresh { add "a"; }"#),
    at(
        "enum_order",
        |at| at.serves(Database::Sqlite),
        r#"create enum fresh ("a", "b"); create table other { f: fresh, check (f < "b") }"#,
    ),
    trial("enum_without_values", r#"create enum fresh ("a"); alter enum fresh { drop "a"; }"#),
    trial("unknown_type", "create table other { f: fresh }"),
    trial("unknown_value", r#"create enum fresh ("a"); alter enum fresh { add "b" after "c"; }"#),
    trial("value_exists", r#"create enum fresh ("a", "a");"#),
    postgres(
        "conflict_deferrable",
        "create table fresh { id: integer, wanted: unique (id) deferrable } insert into fresh (id) values (1) on conflict do nothing;",
    ),
    trial("backfill_key", "create table fresh { a: integer? } backfill fresh set a = 1;"),
    trial(
        "backfill_reads",
        "create table fresh { id: integer primary key, a: integer? } backfill fresh set a = (select max(a) from fresh);",
    ),
    trial("duplicate_row", "create table fresh { id: integer primary key } insert into fresh (id) values (1), (2), (01);"),
    trial("missing_columns", "create table fresh { id: integer primary key } insert into fresh values (1);"),
    trial("missing_value", "create table fresh { id: integer primary key, a: text } insert into fresh (id) values (1);"),
    at(
        "truncate_referenced",
        |at| at.serves(Database::Postgres),
        "create table fresh { id: integer primary key } create table other { up: integer? references fresh } truncate fresh;",
    ),
    trial("value_column", "create table fresh { id: integer primary key } insert into fresh (id) values (id);"),
    trial("value_count", "create table fresh { id: integer primary key } insert into fresh (id) values (1), (2, 3);"),
    postgres(
        "value_generated",
        "create table fresh { id: integer primary key identity always, a: integer } insert into fresh (id, a) values (1, 2);",
    ),
    trial("value_null", "create table fresh { id: integer primary key } insert into fresh (id) values (null);"),
    trial("value_null", "create table fresh { id: integer primary key, a: integer? } update fresh set id = null;"),
    trial("value_type", r#"create table fresh { id: integer primary key } insert into fresh (id) values ("x");"#),
    trial("value_type", "create table fresh { id: integer primary key, a: text } update fresh set a = id;"),
    trial(
        "value_too_long",
        r#"create enum fresh ("a"); alter enum fresh { add "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"; }"#,
    ),
    trial(
        "value_used",
        r#"create enum fresh ("a", "b"); create table other { f: fresh default "a" } alter enum fresh { drop "a" into "b"; }"#,
    ),
    postgres(
        "sequence_used",
        "create table fresh { id: bigint primary key serial } create table other { id: bigint default nextval(fresh_id_seq) } drop table fresh;",
    ),
    postgres("server_version", r#"sql "ALTER TABLE t ADD CHECK (a > 0) NOT ENFORCED" as nothing undo nothing "tested";"#),
    at("server_version", |at| at.serves(Database::Sqlite), r#"sql "SELECT jsonb(a) FROM t" as nothing undo nothing "tested";"#),
    postgres(
        "set_columns",
        "create table fresh { id: integer primary key, a: integer?, up: integer?, foreign key (up) references fresh on delete set null (a) }",
    ),
    trial(
        "set_default_missing",
        "create table fresh { id: integer primary key, up: integer references fresh on delete set default }",
    ),
    trial("set_null_not_null", "create table fresh { id: integer primary key, up: integer references fresh on delete set null }"),
    at("unknown_function", |at| at.schema.databases.len() > 1, "create table fresh { a: text?, check (lowr(a) = a) }"),
    postgres("unknown_sequence", "create table fresh { id: bigint default nextval(nowhere) }"),
    trial(
        "aggregate_here",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where max(a) = 1;",
    ),
    trial(
        "ambiguous_column",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where exists (select 1 from other join other as more on true where a = 1);",
    ),
    trial(
        "by_position",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select a from other order by 1 limit 1);",
    ),
    trial(
        "distinct_order",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select distinct a from other order by id limit 1);",
    ),
    trial(
        "limit_without_order",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select a from other limit 1);",
    ),
    trial(
        "not_grouped",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select max(a) + id from other);",
    ),
    trial(
        "not_in_null",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a not in (select a from other);",
    ),
    trial(
        "one_value",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a = (select a, id from other where id = 1);",
    ),
    trial(
        "query_here",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } alter table fresh { add check (a in (select a from other)); }",
    ),
    trial(
        "several_rows",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a = (select a from other);",
    ),
    trial(
        "table_twice",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where exists (select 1 from other join other on true);",
    ),
    trial(
        "several_matches",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } update fresh set a = other.a from other where other.a = fresh.a;",
    ),
];

/// What keeps a rule that it is about: the compiler accepts it, and the server runs it.
const KEPT: &[Trial] = &[
    trial(
        "several_matches",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } update fresh set a = other.a from other where other.id = fresh.id;",
    ),
    trial(
        "aggregate_here",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a = (select max(a) from other);",
    ),
    trial(
        "ambiguous_column",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where exists (select 1 from other join other as more on true where more.a = 1);",
    ),
    trial(
        "by_position",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select a from other order by a limit 1);",
    ),
    trial(
        "distinct_order",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select distinct a from other order by a desc limit 1);",
    ),
    trial(
        "limit_without_order",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select a from other order by id nulls first limit 1);",
    ),
    trial(
        "not_grouped",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a in (select max(a) + id from other group by id having count(*) > 0);",
    ),
    trial(
        "not_in_null",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a not in (select a from other where a is not null);",
    ),
    trial(
        "one_value",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where (a, id) in (select a, id from other where id = 1);",
    ),
    trial(
        "query_here",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } alter table fresh { add check (a in (1, 2)); }",
    ),
    trial(
        "several_rows",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where a = (select a from other where other.id = fresh.id);",
    ),
    trial(
        "table_twice",
        "create table fresh { id: bigint primary key, a: integer?, b: text } create table other { id: bigint primary key, a: integer? } delete from fresh where exists (select 1 from other left join other as more on more.id = other.id);",
    ),
    trial("kept_data", "alter table {t} { add fresh: integer?; drop fresh keep data; drop _kept_fresh; }"),
    trial("unknown_kept", "create table fresh { a: integer } drop table fresh keep data; restore table fresh;"),
    trial(
        "keep_rows",
        "create table fresh { id: bigint primary key, a: integer? } update fresh set a = id where id = 1 keep data; delete from fresh where id = 1 keep data;",
    ),
    trial("expect_query", "expect \"nothing\" sql(\"SELECT 0\");"),
    postgres("object_exists", "create schema fresh; create schema other;"),
    trial("enum_order", r#"create enum fresh ("a", "b"); create table other { f: fresh, check (f in ("a", "b")) }"#),
    trial("enum_without_values", r#"create enum fresh ("a", "b"); alter enum fresh { drop "a"; }"#),
    trial("object_exists", r#"create enum fresh ("a"); create enum other ("a"); rename enum other to another;"#),
    trial("object_used", r#"create enum fresh ("a"); create table other { f: fresh } drop table other; drop enum fresh;"#),
    trial("unknown_object", r#"create enum fresh ("a"); rename enum fresh to other; alter enum other { add "b"; }"#),
    trial("unknown_type", r#"create enum fresh ("a"); create table other { f: fresh, g: text?, check (g::fresh <> "a") }"#),
    trial("unknown_value", r#"create enum fresh ("a"); alter enum fresh { add "b" before "a"; rename "b" to "c"; drop "c"; }"#),
    trial("value_exists", r#"create enum fresh ("a"); alter enum fresh { rename "a" to "b"; add "a"; }"#),
    trial(
        "value_too_long",
        r#"create enum fresh ("a"); alter enum fresh { add "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk"; }"#,
    ),
    postgres(
        "conflict_deferrable",
        "create table fresh { id: integer, unique (id) } insert into fresh (id) values (1), (2) on conflict do nothing;",
    ),
    trial(
        "duplicate_row",
        r#"create table fresh { id: integer primary key, a: text?, unique (a) } insert into fresh (id, a) values (1, null), (2, null), (3, "a"), (4, "A");"#,
    ),
    trial(
        "backfill_key",
        "create table fresh { id: integer, a: integer?, unique (id) } backfill fresh set a = id in batches of 2;",
    ),
    trial(
        "backfill_reads",
        "create table fresh { id: integer primary key, a: integer? } backfill fresh set a = (select max(id) from fresh);",
    ),
    trial("missing_columns", "create table fresh { id: integer primary key } insert into fresh (id) values (1);"),
    trial(
        "missing_value",
        r#"create table fresh { id: bigint primary key identity, a: text?, b: integer default 7, c: text } insert into fresh (c) values ("x");"#,
    ),
    at(
        "truncate_referenced",
        |at| at.serves(Database::Postgres),
        "create table fresh { id: integer primary key, up: integer? references fresh } truncate fresh;",
    ),
    trial("value_column", r#"create table fresh { id: integer primary key, a: text? } update fresh set a = id::text;"#),
    trial("value_count", "create table fresh { id: integer primary key } insert into fresh (id) values (1), (2);"),
    postgres(
        "value_generated",
        "create table fresh { id: integer primary key identity always, a: integer } insert into fresh (id, a) values (default, 2);",
    ),
    trial(
        "value_null",
        "create table fresh { id: integer primary key, a: integer? } insert into fresh (id, a) values (1, null);",
    ),
    trial(
        "value_type",
        r#"create table fresh { id: integer primary key, d: date, b: boolean } insert into fresh (id, d, b) values (-1, "2024-02-29", "yes");"#,
    ),
    trial(
        "value_used",
        r#"create enum fresh ("a", "b", "c"); create table other { f: fresh default "a", check (f <> "b") } alter enum fresh { rename "a" to "z"; drop "c" into "b"; }"#,
    ),
    postgres(
        "object_used",
        "create schema fresh; create table fresh.t { id: bigint primary key } drop table fresh.t; drop schema fresh;",
    ),
    postgres("unknown_object", "create schema fresh; drop schema fresh; create schema fresh;"),
    trial("add_required_column", "alter table {t} { add fresh: integer default 5; }"),
    at("allow_reason", is_dropped, r#"alter table {t} { #[allow(drop_column, reason = "tested")] drop {c}; }"#),
    postgres(
        "alter_constraint_kind",
        "create table fresh { id: integer primary key, up: integer?, wanted: foreign key (up) references fresh } alter table fresh { alter constraint wanted deferrable; }",
    ),
    postgres("any_needs_array", r#"create table fresh { tags: text[]?, check ("a" = any(tags)) }"#),
    trial("argument_type", "create table fresh { a: text?, check (lower(a) is not null) }"),
    trial("cast_type", r#"create table fresh { a: integer?, check (a::text <> "7") }"#),
    at("changes_nothing", |at| at.is_unused(), "alter table {t} { rename {c} to fresh; }"),
    trial(
        "check_deferrable",
        "create table fresh { id: integer primary key, up: integer?, foreign key (up) references fresh deferrable }",
    ),
    trial("column_exists", "alter table {t} { add fresh: integer?; }"),
    trial("column_twice", "create table fresh { a: integer?, b: integer?, unique (a, b) }"),
    trial("constant_unique", "create table fresh { a: integer? } alter table fresh { add b: integer default 5 unique; }"),
    trial("constraint_exists", "create table fresh { a: integer?, one: check (a > 0), two: check (a < 9) }"),
    trial("counter_default", "create table fresh { id: bigint primary key identity, b: integer default 7 }"),
    trial("counter_nullable", "create table fresh { id: bigint primary key identity }"),
    trial("counter_type", "create table fresh { id: bigint primary key identity, a: text }"),
    trial("default_column", "create table fresh { a: integer default 5 + 2 }"),
    trial("default_null", "create table fresh { a: integer?, b: integer default 0 }"),
    trial(
        "default_type",
        r#"create table fresh { a: text default "x", b: boolean default true, c: decimal(4, 2) default 1.25 }"#,
    ),
    trial("down_and_undo", "alter table {t} { add fresh: integer? undo { drop fresh; }; }"),
    trial("down_differs", "alter table {t} { add fresh: integer?; } down { alter table {t} { drop fresh; } }"),
    at("drop_column", is_dropped, r#"alter table {t} { #[allow(drop_column, reason = "tested")] drop {c}; }"#),
    at("drop_column_used", is_dropped, r#"alter table {t} { #[allow(drop_column, reason = "tested")] drop {c}; }"#),
    at("drop_table", |at| at.is_not_referred_to(), r#"#[allow(drop_table, reason = "tested")] drop table {t};"#),
    at("drop_table_used", |at| at.is_not_referred_to(), r#"#[allow(drop_table, reason = "tested")] drop table {t};"#),
    trial("duplicate_key", "create table fresh { a: integer unique, b: integer unique, unique (a, b) }"),
    trial(
        "foreign_key_arity",
        "create table fresh { a: integer?, b: integer?, c: integer, d: integer, primary key (c, d), foreign key (a, b) references fresh (c, d) }",
    ),
    trial("foreign_key_no_key", "create table fresh { id: integer unique, up: integer? references fresh (id) }"),
    trial("foreign_key_type", "create table fresh { id: uuid primary key, up: uuid? references fresh }"),
    trial("function_arguments", "create table fresh { a: text?, check (coalesce(a, \"x\", \"y\") <> \"z\") }"),
    trial(
        "index_exists",
        "create table fresh { a: integer? } create index one on fresh (a); create index two on fresh (a desc);",
    ),
    postgres("index_method", "create table fresh { tags: text[]? } create index on fresh using gin (tags);"),
    trial("key_type", "create table fresh { a: uuid unique, b: date primary key }"),
    trial(
        "key_used",
        "create table fresh { id: integer primary key, a: integer unique, up: integer? references fresh } alter table fresh { drop constraint fresh_a_key; }",
    ),
    trial("literal_type", r#"create table fresh { d: date?, check (d < "2024-02-29") }"#),
    at(
        "misplaced_rows",
        |at| at.is_unused(),
        "alter table {t} { rename {c} to fresh; } down { alter table {t} { rename fresh to {c}; } }",
    ),
    trial("name_empty", r#"alter table {t} { add " ": integer?; }"#),
    trial("name_reserved", "alter table {t} { add ctids: integer?; }"),
    trial("name_taken", "create table fresh { a: integer? } create index freshly on fresh (a);"),
    trial("name_too_long", "alter table {t} { add abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijk: integer?; }"),
    at(
        "needs_undo",
        |at| is_dropped(at) && at.column.ty == Type::Integer,
        r#"alter table {t} { #[allow(drop_column, reason = "tested")] drop {c} undo default 5; }"#,
    ),
    trial("not_a_condition", "create table fresh { a: boolean?, check (a) }"),
    trial("not_immutable", r#"create table fresh { d: date? } create index on fresh (d) where d > "2024-02-29";"#),
    trial("null_comparison", "create table fresh { a: integer?, check (a is null or a > 1) }"),
    trial("nullable_primary_key", "create table fresh { id: integer primary key }"),
    trial("only_elsewhere", "#[only({d})] alter table {t} { add fresh: integer?; }"),
    trial("operand_type", "create table fresh { a: integer?, b: bigint?, check (a < b + 1) }"),
    postgres("operator_class", "create table fresh { a: text? } create index on fresh (a with text_pattern_ops);"),
    trial("raw_client", r#"sql r"SELECT '\copy .read'" as nothing undo nothing "tested";"#),
    trial("raw_concurrently", r#"sql "SELECT 'REINDEX (CONCURRENTLY) TABLE t'" as nothing undo nothing "tested";"#),
    trial("raw_copy", r#"sql "SELECT 'COPY t FROM STDIN' -- COPY t FROM STDIN" as nothing undo nothing "tested";"#),
    trial("raw_expression", r#"create table fresh { a: integer?, check (sql("a > 0 OR 'x;y' = ';'")) }"#),
    trial(
        "raw_names_column",
        r#"create table fresh { a: integer?, b: integer?, check (sql("a > 0")) } alter table fresh { rename b to c; }"#,
    ),
    trial("raw_outside", r#"sql "SELECT 'VACUUM'" as nothing undo nothing "tested";"#),
    trial("raw_transaction", r#"sql "SELECT 'a'';COMMIT'" as nothing undo nothing "tested";"#),
    trial("raw_unclosed", r#"sql "SELECT 'it''s closed' /* and ' so is this */" as nothing undo nothing "tested";"#),
    trial("rename_moves", "create table fresh { a: integer? } rename table fresh to fresher;"),
    trial("require", "require exact; alter table {t} { add fresh: integer?; }"),
    trial("row_arity", "create table fresh { a: integer?, b: integer?, check ((a, b) > (1, 2)) }"),
    trial("row_value", "create table fresh { a: integer?, b: integer?, check ((a, b) in ((1, 2), (b, a))) }"),
    trial("second_primary_key", "create table fresh { id: integer, a: integer, primary key (id, a) }"),
    postgres(
        "sequence_used",
        "create table fresh { id: bigint primary key serial } create table other { id: bigint default nextval(fresh_id_seq) } drop table other; drop table fresh;",
    ),
    postgres("server_version", "create table fresh { a: integer?, unique (a) nulls not distinct }"),
    trial("server_version", r#"sql "SELECT 'NOT ENFORCED, jsonb(a)'" as nothing undo nothing "tested";"#),
    postgres(
        "set_columns",
        "create table fresh { id: integer primary key, up: integer?, foreign key (up) references fresh on delete set null (up) }",
    ),
    trial(
        "set_default_missing",
        "create table fresh { id: integer primary key, up: integer? default 1, foreign key (up) references fresh on delete set default }",
    ),
    trial(
        "set_null_not_null",
        "create table fresh { id: integer primary key, up: integer?, foreign key (up) references fresh on delete set null }",
    ),
    trial("table_exists", "create table fresh { a: integer? } drop table fresh; create table fresh { b: integer? }"),
    trial(
        "text_or_column",
        r#"create table fresh { r#Name: text?, "Two words": text?, check (r#Name <> text "Name"), check (column("Two words") <> "two words") }"#,
    ),
    trial("too_many_columns", "alter table {t} { add fresh: integer?; }"),
    trial("too_many_keys", "create table fresh { a: integer?, b: integer?, c: integer?, unique (a, b, c) }"),
    trial("type_needs_using", "create table fresh { a: integer? } alter table fresh { alter a type bigint; }"),
    trial("undo_differs", "alter table {t} { add fresh: integer? undo { drop fresh; }; }"),
    trial("undo_nothing", r#"sql "SELECT 1" as nothing undo nothing "tested";"#),
    at("unknown_column", |at| at.is_unused(), "alter table {t} { rename {c} to fresh; }"),
    trial(
        "unknown_constraint",
        "create table fresh { a: integer?, wanted: check (a > 0) } alter table fresh { drop constraint wanted; }",
    ),
    trial("unknown_function", "create table fresh { a: text?, check (char_length(a) < 9) }"),
    trial(
        "unknown_index",
        "create table fresh { a: integer? } create index wanted on fresh (a); rename index wanted to kept; drop index kept;",
    ),
    at("unknown_rule", is_dropped, r#"alter table {t} { #[allow(drop_column, reason = "tested")] drop {c}; }"#),
    postgres("unknown_sequence", "create table fresh { id: bigint primary key serial, b: bigint default nextval(fresh_id_seq) }"),
    trial("unknown_table", "alter table {t} { add fresh: integer?; }"),
    trial("unsupported", "create table fresh { id: bigint primary key identity, at: timestamptz default now() }"),
    at("unused_allow", is_dropped, r#"#[allow(drop_column, reason = "tested")] alter table {t} { drop {c}; }"#),
    trial(
        "using_type",
        "create table fresh { a: integer? } alter table fresh { alter a type text using a::text undo { alter a type integer using a::integer; }; }",
    ),
];

/// A migration about a rule for a place.
pub struct Try {
    pub rule: &'static str,
    pub text: String,
    pub draft: Draft,
}

/// Everything that breaks a rule at a place.
pub fn broken(at: &Spot<'_>) -> Vec<Try> {
    let made = MISTAKES.iter().filter_map(|(rule, mistake)| {
        let draft = mistake(at)?;
        Some(Try { rule, text: format!("{:?}", draft.pieces), draft })
    });
    made.chain(written(BROKEN, at)).collect()
}

/// Everything that keeps a rule at a place.
pub fn kept(at: &Spot<'_>) -> Vec<Try> {
    written(KEPT, at).collect()
}

fn written<'a>(trials: &'a [Trial], at: &'a Spot<'_>) -> impl Iterator<Item = Try> + 'a {
    // What is the same in every place is tried in one.
    let is_tried = |trial: &&Trial| at.is_first() || trial.text.contains("{t}");
    let database = at.schema.databases.first().map_or("postgres", |database| database.word());
    trials.iter().filter(is_tried).filter(|trial| (trial.place)(at)).map(move |trial| {
        let (table, column) = (at.name.to_string(), Written(&at.column.name).to_string());
        let text = trial.text.replace("{t}", &table).replace("{c}", &column).replace("{d}", database);
        let parsed = parse::migration(text.parse().unwrap_or_else(|error| panic!("{text}: {error}")));
        let wrong: Vec<String> = parsed.diagnostics([]).iter().map(|one| one.problem.to_string()).collect();
        assert!(wrong.is_empty(), "{text}: {wrong:?}");
        Try { rule: trial.rule, text, draft: parsed.draft }
    })
}
