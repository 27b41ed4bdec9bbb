//! An extension, and a schema with a table in it.

migrate::migration! {
    create extension pg_trgm;
    create schema billing;
    create table billing.invoices { id: bigint primary key }
}
