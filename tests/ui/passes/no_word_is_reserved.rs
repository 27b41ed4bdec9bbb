//! A word is what the next token makes of it, so everything may be called everything.

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        rules: allow(rename_column, rename_table, rewrite_table, narrow_type);
        m1;
        m2;
    }

    pub mod m1 {
        migrate::migration! {
            create table table {
                type: text,
                to: text?,
                index: integer,
                comment: text?,
                primary: boolean,
                constraint: integer,
                check: integer,
                unique: text,
                foreign: text?,
                add: text?,
                drop: text?,
                rename: text?,
                alter: text?,
                key: text,
                end: integer,
                data: json?,
                crate: text?,
                "Order Items": text?,
                table: text?,
                unique (key, type),
                index index (index),
                check: check (check > 0 and end > 0),
            }
        }
    }

    pub mod m2 {
        migrate::migration! {
            after super::m1;
            alter table table {
                rename rename to rename_to;
                rename to to from;
                #[allow(drop_column, reason = "tested")]
                drop drop;
                #[allow(drop_column, reason = "tested")]
                drop constraint undo { add constraint: integer default 0; alter constraint drop default; };
                comment comment "said";
                alter type type varchar(30);
                alter alter set not null;
                add column: text?;
            }
        }
    }
}

fn main() {}
