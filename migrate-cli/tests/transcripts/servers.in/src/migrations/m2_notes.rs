migrate::migration! {
    //! What they write.
    //!
    //! A note has no author.

    after super::m1_users;

    create table notes { id: bigint primary key, body: text? }
}
