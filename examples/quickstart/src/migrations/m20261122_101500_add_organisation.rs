//! Organisations.

migrate::migration! {
    //! Give every user an organisation.

    after super::m20261122_090000_create_users;

    /// Everyone belongs to one.
    create table organisations {
        id: uuid primary key default uuid(),
        name: text unique,
        created_at: timestamptz default now(),
    }

    alter table users {
        add organisation_id: uuid? references organisations (id) on delete cascade;
    }

    create index on users (organisation_id, created_at desc);
}
