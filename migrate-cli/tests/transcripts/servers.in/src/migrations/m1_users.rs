migrate::migration! {
    //! Who may log in.

    create table users { id: bigint primary key, name: text }
}
