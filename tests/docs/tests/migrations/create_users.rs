//! Who may log in.

migrate::migration! {
    //! Who may log in.
    create table users { id: bigint primary key, email: text unique, note: text? }
}
