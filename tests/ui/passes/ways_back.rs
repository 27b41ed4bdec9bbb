//! Every way to say how it goes back.

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        rules: allow(rename_column, rename_table, rewrite_table, narrow_type, raw_update);
        m1;
        m2;
        m3;
        m4;
        m5;
        m6;
    }

    pub mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key, legacy_code: text, name: text }
            create table audit_2019 { id: uuid primary key }
        }
    }

    pub mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users {
                #[allow(drop_column, reason = "unused since 2.3")]
                drop legacy_code undo default "";
            }

            sql "SELECT 1" as nothing undo nothing "the role may keep it";
            sql "ALTER TABLE users ADD COLUMN size INTEGER" as { alter table users { add size: integer?; } }
            sql { postgres: "SELECT 2", sqlite: "SELECT 3" } undo { postgres: "SELECT 4", sqlite: "SELECT 5" };
            sql "SELECT 6" undo "SELECT 7";

            #[only(postgres)]
            create index on users using gin (to_tsvector("english", name));
        }
    }

    pub mod m3 {
        migrate::migration! {
            after super::m2;

            alter table users { alter size type text; }

            down {
                alter table users { alter size type integer using size::integer; }
            }
        }
    }

    pub mod m5 {
        migrate::migration! {
            after super::m4;

            require exact (stated);
            sql "UPDATE users SET name = upper(name)" as nothing undo "UPDATE users SET name = lower(name)";
        }
    }

    pub mod m4 {
        migrate::migration! {
            after super::m3;

            #[allow(drop_table, reason = "retention")]
            drop table audit_2019 irreversible "retention: must not come back";
        }
    }

    pub mod m6 {
        migrate::migration! {
            after super::m5;

            alter table users {
                rename name to full_name;
                add seen_at: timestamptz? undo { drop seen_at; };
            }

            alter table users {
                rename full_name to title;
                add note: text?;
            } undo {
                drop note;
                alter table users { rename title to full_name; }
                create table scratch { id: bigint }
                drop table scratch;
            }
        }
    }
}

fn main() {
    use migrate::{Database, Level};
    assert_eq!(migrations::m2::MIGRATION.compiled().level, Level::Schema);
    assert_eq!(migrations::m2::MIGRATION.compiled().grade().to_string(), "schema (stated)");
    assert_eq!(migrations::m5::MIGRATION.compiled().grade().to_string(), "exact (stated)");
    assert_eq!(migrations::m4::MIGRATION.compiled().level, Level::Irreversible);
    assert_eq!(migrations::m6::MIGRATION.compiled().level, Level::Exact);
    assert_eq!(migrations::m4::MIGRATION.compiled().irreversible.as_deref(), Some("retention: must not come back"));
    let steps = |database| &migrations::m2::MIGRATION.compiled().script(database).unwrap().upgrade;
    let upgrade = |database| steps(database).iter().map(|step| step.statements.len()).sum::<usize>();
    assert_eq!(upgrade(Database::Postgres), upgrade(Database::Sqlite) + 1);
}
