//! Modules stand in any order, and a branch is merged again.

pub mod migrations {
    migrate::history! {
        databases: sqlite, postgres;
        name: "shop";
        merged;
        left;
        right;
        root;
    }

    pub mod root {
        migrate::migration! {
            //! The root.
            create table users { id: uuid primary key default uuid(), email: text unique as one_account_an_address }
        }
    }

    pub mod merged {
        migrate::migration! {
            after super::left, super::right;
            alter table posts { add tag_id: bigint? references tags on delete set null; }
            alter table users { add age: integer?; }
        }
    }

    pub mod left {
        migrate::migration! {
            after super::root;
            create table posts { id: bigint primary key identity, user_id: uuid references users }
        }
    }

    pub mod right {
        migrate::migration! {
            after super::root;
            create table tags { id: bigint primary key identity, name: text unique }
        }
    }
}

fn main() {
    let ids: Vec<&str> = migrations::HISTORY.migrations.iter().map(|migration| &*migration.id).collect();
    assert_eq!(ids, ["merged", "left", "right", "root"]);
    assert_eq!(migrations::HISTORY.name, "shop");
    assert_eq!(*migrations::merged::MIGRATION.parents, ["left", "right"]);
}
