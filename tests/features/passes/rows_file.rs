//! The rows of a file, beside a function of the program.

mod migrations {
    migrate::history! {
        databases: sqlite;
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
            insert into users (nickname, visits, email) from "../../ui/given/users.csv" on conflict do nothing;
            run noticed undo nothing "tested";
        }

        async fn noticed(_: &mut migrate::Step<'_>) -> Result<(), std::convert::Infallible> {
            Ok(())
        }
    }
}

fn main() {
    let seeds = &migrations::seeds::MIGRATION;
    assert_eq!(seeds.files.iter().map(|file| file.name).collect::<Vec<_>>(), ["../../ui/given/users.csv"]);
    assert_eq!(seeds.files[0].text, include_str!("../../ui/given/users.csv"));
    assert_eq!(seeds.programs.len(), 1);
    assert!(migrations::users::MIGRATION.files.is_empty());
}
