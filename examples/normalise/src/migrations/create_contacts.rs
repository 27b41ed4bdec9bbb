//! The table.

migrate::migration! {
    //! Whom we write to.
    create table contacts {
        id: bigint primary key,
        address: text,
    }
}
