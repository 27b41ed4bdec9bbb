//! Rule `text_or_column`: a string literal that is spelled like a column

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table scores {
                id: bigint primary key,
                kind: text,
                r#Score: integer,
                r#select: text,
                "Order Items": text?,
            }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table scores { add check ("Score" > 0); }
            create index on scores (id) where lower(kind) in ("select", "Score");
            alter table scores { add check (r#Score > 0 and "Order Items" is not null and kind <> text "Score"); }
            create index on scores ("Score", r#select);
        }
    }
}

fn main() {}
