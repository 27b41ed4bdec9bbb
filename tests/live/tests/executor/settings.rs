//! Every session has the same settings, whatever role, database, URL, client or the migration before say.

use migrate_history::History;
use migrate_live_tests::counter::Counter;
use migrate_live_tests::history::{Builder, history, migration, table, three};
use migrate_live_tests::server;
use migrate_live_tests::shell::{ask, run, tables};
use migrate_runtime::{Error, current, upgrade};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};

/// Writes down what a session is like and what it makes of texts, in a table of its own.
fn notes(id: &str, parents: &[&str]) -> Builder {
    let note = format!(
        "CREATE TABLE {id} AS SELECT 'a\\b' AS backslash, '2024-05-01 10:00'::timestamptz::text AS moment, \
         '01/02/2024'::date::text AS day, ('1 day 02:00'::interval)::text AS span, 0.1::float8::text AS number, \
         'x'::bytea::text AS bytes, current_user::text AS who, \
         concat_ws(' ', current_setting('session_replication_role'), current_setting('statement_timeout'), \
         current_setting('transaction_isolation'), current_setting('client_encoding'), current_setting('work_mem')) AS settings"
    );
    migration(id, parents).up(&[&note]).down(&[&format!("DROP TABLE {id}")])
}

const COLUMNS: &str = "backslash, moment, day, span, number, bytes, who, settings";

/// What [`notes`] writes down as the superuser in a session of which nothing is known.
const PLAIN: &str = "a\\b|2024-05-01 10:00:00+00|2024-01-02|1 day 02:00:00|0.1|\\x78|postgres|origin 0 read committed UTF8 4MB";

async fn noted(url: &str, id: &str) -> String {
    ask(url, &format!("SELECT {COLUMNS} FROM {id}")).await.join("\n")
}

/// Everything that changes what a text means, as `ALTER ROLE` and `ALTER DATABASE` take it.
const ODD: [(&str, &str); 11] = [
    ("standard_conforming_strings", "off"),
    ("timezone", "'Asia/Tokyo'"),
    ("datestyle", "'SQL, DMY'"),
    ("intervalstyle", "'iso_8601'"),
    ("bytea_output", "'escape'"),
    ("extra_float_digits", "'-10'"),
    ("session_replication_role", "replica"),
    ("statement_timeout", "'1h'"),
    ("default_transaction_isolation", "'serializable'"),
    ("escape_string_warning", "off"),
    ("array_nulls", "off"),
];

#[tokio::test]
async fn a_database_and_a_role_decide_nothing() {
    let url = server::postgres().database().await;
    let database = url.rsplit('/').next().unwrap();
    for (name, value) in ODD {
        run(&url, &format!("ALTER DATABASE {database} SET {name} = {value}")).await;
    }
    let role = format!("odd_{database}");
    run(&url, &format!("CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'odd'")).await;
    let theirs = url.replace(&format!("postgres:{}", server::PASSWORD), &format!("{role}:odd"));
    upgrade(&url, &history([notes("a", &[])]), "head").await.unwrap();
    assert_eq!(noted(&url, "a").await, PLAIN);
    for (name, value) in ODD {
        run(&url, &format!("ALTER ROLE {role} SET {name} = {value}")).await;
    }
    upgrade(&theirs, &history([notes("a", &[]), notes("b", &["a"])]), "head").await.unwrap();
    assert_eq!(noted(&url, "b").await, PLAIN.replace("postgres", &role));
}

#[tokio::test]
async fn a_url_decides_nothing_but_where() {
    let url = server::postgres().database().await;
    run(&url, "CREATE SCHEMA other").await;
    let odd = "options[search_path]=other&options[DateStyle]=SQL,%20DMY&options[standard_conforming_strings]=off\
               &options[TimeZone]=Asia/Tokyo&options[statement_timeout]=9s";
    upgrade(format!("{url}?{odd}"), &history([notes("a", &[])]), "head").await.unwrap();
    assert_eq!(noted(&url, "other.a").await, PLAIN);
}

/// Raw SQL that sets everything, for the session and not for its transaction.
const SETS: &str = "SET standard_conforming_strings = off; SET TIME ZONE 'Asia/Tokyo'; SET DateStyle = 'SQL, DMY'; \
     SET IntervalStyle = 'iso_8601'; SET bytea_output = 'escape'; SET session_replication_role = replica; \
     SET statement_timeout = '1h'; SET lock_timeout = '1h'; SET work_mem = '8MB'; SET default_transaction_isolation = 'serializable'; \
     SET default_transaction_read_only = on; SET client_encoding = 'LATIN1'; SELECT set_config('extra_float_digits', '-10', false); \
     SET search_path = elsewhere; CREATE TEMPORARY TABLE b (n integer); CREATE TEMPORARY TABLE migrate_ledger (n integer)";

/// What no setting is, and a session keeps all the same.
const LEAVES: &str =
    "PREPARE one AS SELECT 1; DECLARE two CURSOR WITH HOLD FOR SELECT 2; LISTEN three; CREATE TEMPORARY TABLE four (n integer)";

#[tokio::test]
async fn what_a_migration_leaves_in_its_session_is_not_there_for_the_next_one() {
    let url = server::postgres().database().await;
    let again = [migration("first", &[]).up(&[LEAVES]), migration("second", &["first"]).up(&[LEAVES])];
    upgrade(&url, &history(again), "head").await.unwrap();
}

fn odd_first() -> History {
    let role = "SET ROLE pg_monitor";
    let sets = migration("sets", &[]).up(&["CREATE SCHEMA elsewhere", SETS, role]);
    history([sets, notes("a", &["sets"]), table("b", &["a"])])
}

#[tokio::test]
async fn what_a_migration_sets_does_not_reach_the_next_one() {
    let url = server::postgres().database().await;
    upgrade(&url, &odd_first(), "head").await.unwrap();
    assert_eq!(noted(&url, "a").await, PLAIN);
    assert_eq!(tables(&url).await, ["a", "b"]);
    assert_eq!(ask(&url, "SELECT count(*) FROM public.migrate_ledger").await, ["3"]);
}

#[tokio::test]
async fn another_user_of_one_migration_is_not_that_of_the_next() {
    let url = server::postgres().database().await;
    let role = format!("someone_{}", url.rsplit('/').next().unwrap());
    run(&url, &format!("CREATE ROLE {role}")).await;
    let first = migration("first", &[]).up(&[&format!("SET SESSION AUTHORIZATION {role}")]);
    upgrade(&url, &history([first, notes("a", &["first"])]), "head").await.unwrap();
    assert_eq!(noted(&url, "a").await, PLAIN);
}

/// Everything that a session shows.
async fn shown(connection: &mut PgConnection) -> Vec<(String, String)> {
    let rows = "SELECT name, setting || ' ' || source FROM pg_settings WHERE name NOT LIKE 'transaction\\_%' \
                UNION ALL SELECT name, current_setting(name, true) FROM (VALUES ('role'), ('session_authorization'), ('my.tenant')) AS t (name) \
                UNION ALL SELECT 'pg_temp.mine', count(*)::text FROM pg_temp.mine ORDER BY 1";
    sqlx::query_as(AssertSqlSafe(rows)).persistent(false).fetch_all(connection).await.unwrap()
}

#[tokio::test]
async fn a_given_connection_gets_everything_back() {
    let url = server::postgres().database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let theirs = "SET TIME ZONE 'Asia/Tokyo'; SET standard_conforming_strings = off; SET work_mem = '5MB'; SET my.tenant = 'seven'; \
                  SET statement_timeout = '2h'; SET ROLE pg_monitor; RESET ROLE; CREATE TEMPORARY TABLE mine (n integer)";
    sqlx::raw_sql(theirs).execute(&mut connection).await.unwrap();
    let before = shown(&mut connection).await;
    current(&mut connection, &odd_first()).await.unwrap();
    assert_eq!(shown(&mut connection).await, before);
    upgrade(&mut connection, &odd_first(), "head").await.unwrap();
    assert_eq!(shown(&mut connection).await, before);
    assert_eq!(noted(&url, "a").await, PLAIN.replace("4MB", "5MB"), "what is the user's choice stays it");
    let failing = migration("c", &["b"]).up(&[SETS, "SELECT 1 / 0"]);
    let mut history = odd_first();
    history.migrations.to_mut().extend(super::settings::history([failing]).migrations.iter());
    upgrade(&mut connection, &history, "head").await.unwrap_err();
    assert_eq!(shown(&mut connection).await, before);
}

#[tokio::test]
async fn what_only_reads_sets_nothing() {
    let server = server::postgres();
    let counter = Counter::start(server.port()).await;
    let url = server.database().await;
    upgrade(&url, &three(), "b").await.unwrap();
    let counted = counter.url(&url, server.port());
    let mut connection = PgConnection::connect(&counted).await.unwrap();
    for _ in 0..2 {
        current(&mut connection, &three()).await.unwrap();
    }
    current(&counted, &three()).await.unwrap();
    let direction = migrate_history::plan::Direction::Upgrade;
    migrate_runtime::Migrator::new(&three()).plan(&counted, direction, "head").await.unwrap();
    let sent = counter.sent();
    assert!(sent.contains("READ ONLY"), "a transaction says that it only reads");
    let lasts = |call: &str| !call.split(')').next().unwrap_or_default().ends_with(", true");
    assert!(!sent.split("set_config(").skip(1).any(lasts) && !sent.contains("SET "), "{sent}");
}

/// A pool whose application lives in a schema of its own, under a role of its own.
async fn pool_of(url: &str, set: &'static str) -> PgPool {
    let options = PgPoolOptions::new().max_connections(1);
    let pool = options
        .after_connect(move |connection, _| Box::pin(async move { sqlx::raw_sql(set).execute(connection).await.map(drop) }));
    pool.connect(url).await.unwrap()
}

#[tokio::test]
async fn a_migration_lands_where_the_connections_of_the_pool_look() {
    let url = server::postgres().database().await;
    let role = format!("app_{}", url.rsplit('/').next().unwrap());
    run(&url, &format!("CREATE ROLE {role}; CREATE SCHEMA app AUTHORIZATION {role}")).await;
    let set = format!("SET search_path = app; SET ROLE {role}; SET my.tenant = 'seven'; SET TIME ZONE 'Asia/Tokyo'").leak();
    let pool = pool_of(&url, set).await;
    let held = pool.acquire().await.unwrap();
    let tenant = migration("tenant", &["a"]).up(&["CREATE TABLE t AS SELECT current_setting('my.tenant') AS tenant"]);
    upgrade(&pool, &history([notes("a", &[]), tenant]), "head").await.unwrap();
    assert_eq!(tables(&url).await, Vec::<String>::new(), "nothing is in another schema");
    assert_eq!(noted(&url, "app.a").await, PLAIN.replace("postgres", &role));
    assert_eq!(ask(&url, "SELECT tenant FROM app.t").await, ["seven"]);
    let owner = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'app'";
    assert_eq!(ask(&url, owner).await, [role]);
    drop(held);
    assert_eq!(current(&pool, &three()).await.unwrap().applied().count(), 2, "the ledger is there, too");
}

#[tokio::test]
async fn a_temporary_table_hides_none() {
    let url = server::postgres().database().await;
    let history = history([table("a", &[]), migration("b", &["a"]).up(&["ALTER TABLE a ADD COLUMN m integer"])]);
    upgrade(&url, &history, "a").await.unwrap();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    sqlx::raw_sql("CREATE TEMPORARY TABLE a (k integer)").execute(&mut connection).await.unwrap();
    upgrade(&mut connection, &history, "head").await.unwrap();
    assert_eq!(
        ask(&url, "SELECT attname::text FROM pg_attribute WHERE attrelid = 'public.a'::regclass AND attnum > 0").await,
        ["n", "m"]
    );
    let refused = upgrade(format!("{url}?options[search_path]=pg_temp"), &history, "head").await.unwrap_err();
    assert!(matches!(refused, Error::NoSchema), "{refused}");
}

#[tokio::test]
async fn a_setting_that_the_role_may_not_change_is_named() {
    let url = server::postgres().database().await;
    let role = format!("weak_{}", url.rsplit('/').next().unwrap());
    run(
        &url,
        &format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'weak'; GRANT ALL ON SCHEMA public TO {role}; \
             ALTER ROLE {role} SET session_replication_role = replica"
        ),
    )
    .await;
    let theirs = url.replace(&format!("postgres:{}", server::PASSWORD), &format!("{role}:weak"));
    let refused = upgrade(&theirs, &three(), "head").await.unwrap_err();
    assert!(refused.to_string().contains("cannot set `session_replication_role` to `origin`"), "{refused}");
    run(&url, &format!("ALTER ROLE {role} RESET session_replication_role")).await;
    upgrade(&theirs, &three(), "head").await.unwrap();
}

#[tokio::test]
async fn a_given_connection_that_is_refused_gets_everything_back() {
    let url = server::postgres().database().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let theirs = "SET my.tenant = 'seven'; SET session_replication_role = replica; SET TIME ZONE 'Asia/Tokyo'; CREATE TEMPORARY TABLE mine (n integer); \
                  GRANT SELECT ON mine TO pg_monitor; SET ROLE pg_monitor";
    sqlx::raw_sql(theirs).execute(&mut connection).await.unwrap();
    let before = shown(&mut connection).await;
    let refused = upgrade(&mut connection, &three(), "head").await.unwrap_err();
    assert!(matches!(refused, Error::Setting { name: "session_replication_role", .. }), "{refused}");
    assert_eq!(shown(&mut connection).await, before);
}

#[tokio::test]
async fn a_row_that_a_policy_hides_is_an_error() {
    let url = server::postgres().database().await;
    let role = format!("app_{}", url.rsplit('/').next().unwrap());
    run(
        &url,
        &format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'app'; GRANT ALL ON SCHEMA public TO {role}; CREATE TABLE secret (n integer); \
             INSERT INTO secret VALUES (1), (2); GRANT ALL ON secret TO {role}; ALTER TABLE secret ENABLE ROW LEVEL SECURITY; \
             CREATE POLICY one ON secret USING (n = 1)"
        ),
    )
    .await;
    let theirs = url.replace(&format!("postgres:{}", server::PASSWORD), &format!("{role}:app"));
    let raise = history([migration("raise", &[]).up(&["UPDATE secret SET n = n + 10"])]);
    let refused = upgrade(&theirs, &raise, "head").await.unwrap_err();
    assert!(refused.to_string().contains("row-level security"), "{refused}");
    assert_eq!(ask(&url, "SELECT n::text FROM secret ORDER BY 1").await, ["1", "2"]);
}
