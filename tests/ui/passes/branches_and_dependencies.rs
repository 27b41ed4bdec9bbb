//! Branches that are not merged: one of the trunk, and one with a root of its own that depends on the trunk.

pub mod migrations {
    migrate::history! {
        databases: sqlite, postgres;
        name: "branches";
        invoices;
        payments;
        users;
        names;
        audit;
        audited;
        merged;
    }

    pub mod users {
        migrate::migration! {
            //! The trunk.
            create table users { id: bigint primary key identity, email: text unique }
        }
    }

    pub mod names {
        migrate::migration! {
            after super::users;
            alter table users { add name: text?; }
        }
    }

    pub mod invoices {
        migrate::migration! {
            //! A branch.
            label "billing";
            after super::users;
            create table invoices { id: bigint primary key identity, user_id: bigint references users }
        }
    }

    pub mod payments {
        migrate::migration! {
            after super::invoices;
            create table payments { id: bigint primary key identity, invoice_id: bigint references invoices }
        }
    }

    pub mod audit {
        migrate::migration! {
            //! Another root.
            label "audit";
            create table audit { id: bigint primary key identity, what: text }
        }
    }

    pub mod audited {
        migrate::migration! {
            //! Sees the tables of what it depends on.
            after super::audit;
            depends on super::names, super::invoices;
            alter table audit { add invoice_id: bigint? references invoices on delete set null; }
            create index on users (name);
        }
    }

    pub mod merged {
        migrate::migration! {
            //! `label` and `depends` are names too.
            after super::audited;
            create table label { depends: bigint primary key, label: text }
        }
    }
}

fn main() {
    let find = |id: &str| migrations::HISTORY.migrations.iter().find(|migration| migration.id == id).expect("it is listed");
    assert_eq!((find("invoices").label, find("payments").label, find("audit").label), (Some("billing"), None, Some("audit")));
    assert_eq!((&*find("audited").parents, find("audited").dependencies), (&["audit"][..], &["names", "invoices"][..]));
    assert_eq!(find("invoices").checksum(), migrations::invoices::MIGRATION.checksum());
    let graph = migrate::plan::Graph::of(&migrations::HISTORY).expect("it has an order");
    assert_eq!(graph.heads(), ["payments", "names", "merged"]);
}
