migrate::migration! {
    //! Who may log in.
    create table users { id: uuid primary key default uuid(), email: text unique }
}
