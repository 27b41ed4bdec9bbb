//! Texts before and after, at a width of 60.

/// The brackets of a macro, and how they are written.
pub(super) const CASES: &[(&str, &str)] = &[
    ("{ }", "{}"),
    ("{// only this\n\n\n}", "{ // only this\n}"),
    ("{\n\n  // only this  \n\n\n // and this\n\n}", "{\n    // only this\n\n    // and this\n}"),
    // The head of a migration, and the lines of a history.
    (
        "{//! Users.\n//!\n//! And more.\nafter super::one,super::two; require exact(stated);\n\n\n\nrevision \"a\" ;}",
        "{\n    //! Users.\n    //!\n    //! And more.\n    after super::one, super::two;\n    require exact (stated);\n\n    revision \"a\";\n}",
    ),
    (
        "{ databases:postgres 14 .., sqlite 3.35.5..; rules : allow( rename_table,drop_table ) , deny(style); #[path = \"x.rs\"] pub( crate ) mod one; two ; }",
        r#"
{
    databases: postgres 14.., sqlite 3.35.5..;
    rules: allow(rename_table, drop_table), deny(style);
    #[path = "x.rs"]
    pub(crate) mod one;
    two;
}"#,
    ),
    // One entry, action and statement on a line.
    (
        "{ create table users{id:uuid primary key,email:varchar( 200 )unique ,tags:text [] default[],age:integer ?default - 1} drop table t ; }",
        r#"
{
    create table users {
        id: uuid primary key,
        email: varchar(200) unique,
        tags: text[] default [],
        age: integer? default -1
    }
    drop table t;
}"#,
    ),
    (
        "{ alter table users{add age:integer?;} alter table users { drop a ; drop b undo{add b:text?;alter b set not null;}; } }",
        r#"
{
    alter table users { add age: integer?; }
    alter table users {
        drop a;
        drop b undo {
            add b: text?;
            alter b set not null;
        };
    }
}"#,
    ),
    // A block that is open stays open.
    (
        "{ alter table users {\nadd age: integer?; } undo { drop age; }\nalter enum mood { add \"new\"   after \"old\"; } }",
        r#"
{
    alter table users {
        add age: integer?;
    } undo { drop age; }
    alter enum mood { add "new" after "old"; }
}"#,
    ),
    // Comments stay where they are, and what is too long is broken at its clauses.
    (
        r#"{
            /// Who may log in.
            #[allow(no_primary_key, reason = "a log")] create table users { // all of them

                /// In lower case.
                email: text /* as the server has it */ unique, // of old users too

                // The organisation.

                organisation_id: uuid? references organisations (id) on delete cascade deferrable,
                // nothing follows
            } // the end
            /* one */ drop table t; /* two
  lines */

            // last
        }"#,
        r#"
{
    /// Who may log in.
    #[allow(no_primary_key, reason = "a log")]
    create table users { // all of them
        /// In lower case.
        email: text /* as the server has it */ unique, // of old users too

        // The organisation.

        organisation_id: uuid?
            references organisations (id)
            on delete cascade
            deferrable,
        // nothing follows
    } // the end
    /* one */ drop table t; /* two
  lines */

    // last
}"#,
    ),
    // Lists, conditions and queries.
    (
        "{ create index on users using gin(to_tsvector(\"english\",name)) where lower ( name )<>\"\" and not (deleted); create unique index by_all on billing.users (one, two, three, four, five, six desc nulls last); }",
        r#"
{
    create index on users
        using gin (to_tsvector("english", name))
        where lower(name) <> "" and not (deleted);
    create unique index by_all on billing.users (
        one,
        two,
        three,
        four,
        five,
        six desc nulls last
    );
}"#,
    ),
    (
        "{ update users set visits=-1,name=first||\" \"||last where visits is null or visits < 0 and name <> \"\" or active between 1 and 2; delete from users where id in(select user_id from posts as p join blogs on blogs.id=p.blog where p.at>now()-interval \"1 day\"); }",
        r#"
{
    update users
        set visits = -1, name = first || " " || last
        where visits is null
            or visits < 0 and name <> ""
            or active between 1 and 2;
    delete from users
        where id in (
            select user_id
            from posts as p
            join blogs on blogs.id = p.blog
            where p.at > now() - interval "1 day"
        );
}"#,
    ),
    (
        "{ insert into roles (id, code) values (1,\"a\"),(2,\"b\"); insert into roles (id,code) values\n(1, \"a\"),(2, default) on conflict do nothing; insert into roles (id, code, description) values (1, \"admin\", \"everything\"), (2, \"x\", \"y\"); }",
        r#"
{
    insert into roles (id, code) values (1, "a"), (2, "b");
    insert into roles (id, code) values
        (1, "a"),
        (2, default)
        on conflict do nothing;
    insert into roles (id, code, description) values
        (1, "admin", "everything"),
        (2, "x", "y");
}"#,
    ),
    (
        "{ alter table t { add check (case when a is null then b <> \"\" when a = 1 then b = \"one\" else a > 0 end); alter size type integer using trim(size)::integer; } }",
        r#"
{
    alter table t {
        add check (
            case
                when a is null then b <> ""
                when a = 1 then b = "one"
                else a > 0
            end
        );
        alter size type integer using trim(size)::integer;
    }
}"#,
    ),
    // Raw SQL is kept as it is, also where it has several lines.
    (
        "{ sql r#\"SELECT 1,\n  2\"# as nothing undo nothing \"it only reads\"; sql { postgres: \"SELECT 1\", sqlite: \"SELECT 2\" } as { alter table users { add size: integer?; } } }",
        r##"
{
    sql r#"SELECT 1,
  2"# as nothing undo nothing "it only reads";
    sql { postgres: "SELECT 1", sqlite: "SELECT 2" } as {
        alter table users { add size: integer?; }
    }
}"##,
    ),
    (
        "{ run fill in batches on a,b undo  super :: clear; run ::my::fill; }",
        "{\n    run fill in batches on a, b undo super::clear;\n    run ::my::fill;\n}",
    ),
    ("{ down{} down { alter table t { drop a; } } }", "{\n    down {}\n    down { alter table t { drop a; } }\n}"),
];
