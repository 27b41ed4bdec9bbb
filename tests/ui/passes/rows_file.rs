//! The rows of a file, which is in the program.

pub mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        users;
        seeds;
    }

    pub mod users {
        migrate::migration! {
            create table users { id: bigint primary key identity, email: text unique, nickname: text?, visits: integer default 0 }
        }
    }

    pub mod seeds {
        migrate::migration! {
            after super::users;
            insert into users (nickname, visits, email) from "../given/users.csv" on conflict do nothing;
        }
    }
}

fn main() {
    let seeds = &migrations::seeds::MIGRATION;
    assert_eq!(seeds.files.iter().map(|file| file.name).collect::<Vec<_>>(), ["../given/users.csv"]);
    assert_eq!(seeds.files[0].text, include_str!("../given/users.csv"));
    assert!(migrations::users::MIGRATION.files.is_empty());
}
