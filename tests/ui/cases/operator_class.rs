//! Rule `operator_class`: a new type that the operator class of an index does not support

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
        m2;
    }

    mod m1 {
        migrate::migration! {
            create table users {
                id: uuid primary key default uuid(),
                email: text unique,
                nickname: text?,
                visits: integer default 0,
            }

            create table posts {
                id: bigint primary key identity,
                user_id: uuid references users on delete cascade,
                title: text,
            }

            create index by_pattern on posts (title with text_pattern_ops);
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1;

            alter table posts {
                alter title type bytes using convert_to(title, "UTF8")
                    undo { alter title type text using convert_from(title, "UTF8"); };
            }
        }
    }
}

fn main() {}
