//! Rule `kept_data`: a statement that uses data which is kept

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users {
                id: uuid primary key default uuid(),
                email: text,
                nickname: text?,
            }
            create table audit { id: uuid primary key }
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            #[allow(drop_column, reason = "unused since 2.3")]
            alter table users { drop nickname keep data; }
            alter table users { alter _kept_nickname set not null; }
            create index on users (_kept_nickname);
            alter table users { add check (_kept_nickname > ""); }
            #[allow(drop_table, reason = "unused since 2.3")]
            drop table audit keep data;
            alter table _kept_audit { add at: timestamptz?; }
            alter table users { add audit_id: uuid? references _kept_audit; }
            alter table users { drop nickname; }
            drop table audit;
            rename table _kept_audit to audit;
        }
    }
}

fn main() {}
