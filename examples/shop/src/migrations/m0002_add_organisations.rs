migrate::migration! {
    //! Give every user an organisation.
    after super::m0001_create_users;

    create table organisations { id: uuid primary key default uuid(), name: text unique }

    alter table users { add organisation_id: uuid? references organisations on delete cascade; }
}
