//! An enum, and a table with a column of it.

migrate::migration! {
    create enum mood ("sad", "ok", "happy");
    create table users { id: bigint primary key identity, mood: mood default "ok" }
}
