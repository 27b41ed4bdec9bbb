mig::migration! {
    //! What they are called.
    after super::create_users;
    alter table users { add name: text?; }
}
