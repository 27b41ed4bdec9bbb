//! The notes must not come back.

migrate::migration! {
    //! The notes must not come back.
    after super::add_age;
    alter table users {
        #[allow(drop_column, reason = "nothing reads it")]
        drop note irreversible "they held personal data";
    }
}
