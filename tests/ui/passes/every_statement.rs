//! Every statement and action of the language, on both databases.

pub mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        rules: allow(rename_column, rename_table, rewrite_table, narrow_type);
        m1;
        m2;
        m3;
        m4;
    }

    pub mod m1 {
        migrate::migration! {
            //! Tables with everything in them.
            //!
            //! A second paragraph.

            /// Who may log in.
            create table users {
                id: uuid primary key default uuid(),
                /// In lower case.
                email: varchar(200) unique as users_email_unique check (email <> ""),
                nickname: text?,
                visits: integer default 0 check (visits >= 0),
                active: boolean default true,
                data: json default "{}",
                born: date?,
                created_at: timestamptz default now(),
                index (nickname),
                index users_by_visit (visits desc, created_at),
            }

            create table posts {
                id: bigint primary key identity,
                user_id: uuid references users on delete cascade on update no action,
                reply_to: bigint?,
                title: text default "",
                score: double?,
                price: decimal(10, 2)?,
                replies: foreign key (reply_to) references posts (id) on delete set null deferrable initially deferred,
                unique (user_id, title),
                check (score is null or score between 0 and 10),
                "A Name": check (case when score is null then title <> "" else score > 0 end),
            }

            create unique index on posts (lower(title), user_id) where score is not null;
        }
    }

    pub mod m2 {
        migrate::migration! {
            after super::m1;

            alter table users {
                add phone: text?;
                add plan: varchar(20) default "free" check (plan in ("free", "paid"));
                add boss: uuid? references users (id);
                rename nickname to nick;
                alter visits type bigint;
                alter email drop not null;
                alter active set default false;
                alter visits drop default;
                comment nick "As they like it.";
                add users_nick_key: unique (nick);
                rename constraint users_email_unique to one_account_an_address;
            }

            alter table posts { alter constraint posts_user_id_fkey deferrable; }

            rename index users_by_visit to by_visit;
            drop index users_nickname_idx;
            rename table posts to articles;
        }
    }

    pub mod m3 {
        migrate::migration! {
            after super::m2;
            require schema;

            alter table articles {
                #[allow(drop_column, reason = "unused since 2.3")]
                drop price;
            }
            alter table articles { drop constraint replies; }
            #[allow(drop_column, reason = "unused since 2.3")]
            alter table articles { drop reply_to; }
        }
    }

    pub mod m4 {
        migrate::migration! {
            after super::m3;
        }
    }
}

fn main() {
    use migrate::Level;
    assert_eq!(migrations::m1::MIGRATION.compiled().level, Level::Exact);
    assert_eq!(migrations::m2::MIGRATION.compiled().level, Level::Exact);
    assert_eq!(migrations::m3::MIGRATION.compiled().level, Level::Schema);
    assert_eq!(migrations::m3::MIGRATION.compiled().losses.len(), 2);
    assert_eq!(migrations::m1::MIGRATION.compiled().title(), "Tables with everything in them.");
}
