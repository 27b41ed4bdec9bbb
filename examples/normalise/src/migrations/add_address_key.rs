//! A column that Rust fills.

use migrate::{Database, Next, Step};

migrate::migration! {
    //! Addresses that look alike are one.
    after super::create_contacts;

    alter table contacts { add address_key: text?; }

    run fill_keys in batches on contacts undo clear_keys;

    alter table contacts { alter address_key set not null; }
    create index on contacts (address_key);
}

/// How many contacts one transaction takes.
const BATCH: i64 = 500;

/// Fills the column for the next contacts. The ledger keeps the id of the last one, so that a run which was stopped goes on after it.
async fn fill_keys(step: &mut Step<'_>, last: Option<i64>) -> Result<Next<i64>, sqlx::Error> {
    let next = "SELECT id, address FROM contacts WHERE id > $1 ORDER BY id LIMIT $2";
    let last = last.unwrap_or(i64::MIN);
    let contacts: Vec<(i64, String)> = match step.database() {
        Database::Postgres => sqlx::query_as(next).bind(last).bind(BATCH).fetch_all(step.postgres()?).await?,
        Database::Sqlite => sqlx::query_as(next).bind(last).bind(BATCH).fetch_all(step.sqlite()?).await?,
    };
    for (id, address) in &contacts {
        let set = "UPDATE contacts SET address_key = $1 WHERE id = $2";
        let key = crate::normalised(address);
        match step.database() {
            Database::Postgres => sqlx::query(set).bind(key).bind(id).execute(step.postgres()?).await.map(drop)?,
            Database::Sqlite => sqlx::query(set).bind(key).bind(id).execute(step.sqlite()?).await.map(drop)?,
        }
    }
    Ok(contacts.last().map_or(Next::Done, |(id, _)| Next::After(*id)))
}

/// Empties the column again.
async fn clear_keys(step: &mut Step<'_>) -> Result<(), sqlx::Error> {
    let clear = sqlx::raw_sql("UPDATE contacts SET address_key = NULL");
    match step.database() {
        Database::Postgres => clear.execute(step.postgres()?).await.map(drop),
        Database::Sqlite => clear.execute(step.sqlite()?).await.map(drop),
    }
}
