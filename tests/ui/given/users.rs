//! Users that have a key and nothing else.

migrate::migration! {
    create table users { id: uuid primary key }
}
