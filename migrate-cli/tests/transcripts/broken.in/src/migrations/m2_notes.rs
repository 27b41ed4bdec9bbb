migrate::migration! {
    after super::m1_users;

    create table notes { id: bigint primary key, body: }
}
