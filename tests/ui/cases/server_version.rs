//! Rule `server_version`: a feature that requires a newer server than the oldest one of the history

migrate::history! {
    databases: postgres 14.., sqlite 3.35..;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[only(postgres)]
        create table logins {
            id: bigint primary key,
            token: text?,
            unique (token) nulls not distinct,
        }

        #[only(sqlite)]
        create table settings {
            id: bigint primary key,
            value: json,
            check (value ->> "kind" <> ""),
        }
    }
}

fn main() {}
