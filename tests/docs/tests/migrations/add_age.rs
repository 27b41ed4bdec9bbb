//! Some say how old they are.

migrate::migration! {
    //! Some say how old they are.
    after super::create_users;
    alter table users { add age: integer? check (age > 0); }
}
