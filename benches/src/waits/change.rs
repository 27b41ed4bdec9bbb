//! The changes: as one statement, and as a migration.

/// What every change begins with.
pub(super) const ORIGIN: &str = "
    create table customers { id: bigint primary key, name: text }
    create table orders {
        id: bigint primary key,
        customer: bigint,
        code: bigint,
        amount: integer,
        points: integer?,
        state: text?,
        note: text,
        region: integer?,
        legacy: integer?,
    }
    create index on orders (region);
";

/// One change of the table. The clients use no column that it renames, drops or gives another type.
pub(super) struct Change {
    /// What it is called in the table.
    pub name: &'static str,
    /// The statement that a person writes.
    pub statement: &'static str,
    /// The same in the language.
    pub migration: &'static str,
}

/// Every change. The first are what a short form measures: a lock of writers, a scan, and a lock for a moment.
pub(super) const CHANGES: &[Change] = &[
    Change { name: "`CREATE INDEX`", statement: "CREATE INDEX ON orders (note)", migration: "create index on orders (note);" },
    Change {
        name: "`SET NOT NULL`",
        statement: "ALTER TABLE orders ALTER state SET NOT NULL",
        migration: "alter table orders { alter state set not null; }",
    },
    Change {
        name: "`DROP COLUMN`",
        statement: "ALTER TABLE orders DROP legacy",
        migration: "alter table orders { drop legacy; }",
    },
    Change {
        name: "`ADD UNIQUE`",
        statement: "ALTER TABLE orders ADD UNIQUE (code)",
        migration: "alter table orders { add unique (code); }",
    },
    Change {
        name: "`ADD FOREIGN KEY`",
        statement: "ALTER TABLE orders ADD FOREIGN KEY (customer) REFERENCES customers",
        migration: "alter table orders { add foreign key (customer) references customers; }",
    },
    Change {
        name: "`ADD CHECK`",
        statement: "ALTER TABLE orders ADD CONSTRAINT positive CHECK (amount >= 0)",
        migration: "alter table orders { add positive: check (amount >= 0); }",
    },
    Change {
        name: "`ADD COLUMN`, constant default",
        statement: "ALTER TABLE orders ADD channel text NOT NULL DEFAULT 'web'",
        migration: "alter table orders { add channel: text default \"web\"; }",
    },
    Change {
        name: "`ADD COLUMN`, a value for each row",
        statement: "ALTER TABLE orders ADD token uuid NOT NULL DEFAULT gen_random_uuid()",
        migration: "alter table orders { add token: uuid default uuid(); }",
    },
    Change {
        name: "`integer` to `bigint`",
        statement: "ALTER TABLE orders ALTER points TYPE bigint",
        migration: "alter table orders { alter points type bigint; }",
    },
    Change { name: "`DROP INDEX`", statement: "DROP INDEX orders_region_idx", migration: "drop index orders_region_idx;" },
    Change {
        name: "`RENAME COLUMN`",
        statement: "ALTER TABLE orders RENAME legacy TO former",
        migration: "alter table orders { rename legacy to former; }",
    },
];
