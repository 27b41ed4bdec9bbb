//! Users.

migrate::migration! {
    //! Create users.

    /// Who may log in.
    create table users {
        id: uuid primary key default uuid(),
        email: text unique,
        created_at: timestamptz default now(),
    }
}
