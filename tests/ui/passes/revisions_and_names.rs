//! A revision that says its id, a history that is named by its crate, and indexes inside of a table.

pub mod migrations {
    migrate::history! {
        databases: postgres;
        require: exact;
        protected: "*.prod.example.com/*", "/var/lib/shop/*.db";
        first;
        second;
    }

    pub mod first {
        migrate::migration! {
            revision "1975ea83b712";
            create table billing.accounts {
                id: bigint primary key identity,
                owner: text,
                tags: text[] default [],
                seen_at: timestamptz?,
                unique index (lower(owner)) where seen_at is not null,
                index by_tag using gin (tags),
                index newest (seen_at desc nulls last) include (owner),
            }
        }
    }

    pub mod second {
        migrate::migration! {
            revision "ae1027a6acf";
            after super::first;
            alter table billing.accounts { add plan: text default "free"; }
        }
    }
}

fn main() {
    assert_eq!(migrations::HISTORY.name, env!("CARGO_PKG_NAME"));
    let (first, second) = (&migrations::first::MIGRATION, &migrations::second::MIGRATION);
    assert_eq!((&*first.id, &*second.id), ("1975ea83b712", "ae1027a6acf"));
    assert_eq!(*second.parents, ["1975ea83b712"]);
    let sql: Vec<&str> = first.compiled().scripts[0].upgrade[0].statements.iter().map(|statement| &*statement.sql).collect();
    assert_eq!(
        sql[1..],
        [
            "CREATE UNIQUE INDEX \"accounts_lower_idx\" ON \"billing\".\"accounts\" ((lower(\"owner\"))) WHERE \"seen_at\" IS NOT NULL",
            "CREATE INDEX \"by_tag\" ON \"billing\".\"accounts\" USING gin (\"tags\")",
            "CREATE INDEX \"newest\" ON \"billing\".\"accounts\" (\"seen_at\" DESC NULLS LAST) INCLUDE (\"owner\")",
        ]
    );
}
