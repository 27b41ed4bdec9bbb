//! Changes of tables that others use, as they are written: for tests of what they do to a server, and of the SQL that they become.

/// A table that refers to another one, with a row each.
const TEXTS: &str = "create table a { id: varchar(9) primary key } create table b { a: varchar(9) references a } \
                     sql \"INSERT INTO a VALUES ('x'); INSERT INTO b VALUES ('x')\" as nothing undo \"DELETE FROM b; DELETE FROM a\";";

/// The same, by numbers.
const NUMBERS: &str = "create table a { id: integer primary key } create table b { a: integer references a } \
                       sql \"INSERT INTO a VALUES (1); INSERT INTO b VALUES (1)\" as nothing undo \"DELETE FROM b; DELETE FROM a\";";

/// What the list of operations does not show, on the example schema: what is there before, and the change.
pub const WRITTEN: &[(&str, &str)] = &[
    // A table with keys to two others that are used.
    ("", "create table votes { by: uuid references users, on_post: bigint references posts, at: timestamptz }"),
    (
        "",
        "create table lone { id: integer } alter table lone { add n: integer?; alter n set not null; } create index on lone (n);",
    ),
    // Several changes of one table in one statement.
    ("", "alter table users { add a: integer?; add b: text default \"\"; drop created_at undo default now(); }"),
    (
        "",
        "alter table posts { add by_whom: uuid? references users; add rank: integer? check (rank > 0); add code: text? unique; }",
    ),
    ("", "alter table users { alter nickname set not null; }"),
    ("", "alter table users { add token: uuid default uuid(); add number: bigint identity; add other: serial; }"),
    // Types: without a new file, with a check or an index over the column, and with keys from and to it.
    ("", "alter table users { alter email type varchar(300); }"),
    ("", "alter table users { alter email type text; }"),
    ("", "alter table users { alter visits type bigint; }"),
    ("", "alter table users { alter created_at type timestamp using created_at at time zone \"UTC\"; }"),
    (
        "create index on users (created_at);",
        "alter table users { alter created_at type timestamp using created_at at time zone \"UTC\"; }",
    ),
    (
        "alter table users { add unique (id, created_at); }",
        "alter table users { alter created_at type timestamp using created_at at time zone \"UTC\"; }",
    ),
    ("", "alter table posts { alter reply_to type integer; }"),
    (TEXTS, "alter table b { alter a type text; }"),
    (TEXTS, "alter table a { alter id type text; }"),
    (NUMBERS, "alter table a { alter id type bigint; }"),
    (NUMBERS, "alter table b { alter a type bigint; }"),
    ("create index on users (lower(email));", "alter table users { alter email type varchar(300); }"),
    ("create index on users (email) where email <> \"\";", "alter table users { alter email type text; }"),
    ("alter table users { add long: check (length(email) > 1); }", "alter table users { alter email type text; }"),
    // Renames, alone and before something else in one transaction.
    ("", "rename table users to people; alter table people { rename nickname to nick; }"),
    ("", "alter table posts { rename constraint posts_user_id_fkey to by_user; rename constraint posts_pkey to the_key; }"),
    // Keys.
    (
        "",
        "alter table posts { drop constraint posts_user_id_fkey; add foreign key (user_id) references users on delete restrict; }",
    ),
    ("", "alter table posts { alter constraint posts_user_id_fkey deferrable initially deferred; }"),
    ("", "alter table posts { add unique (title, user_id) deferrable initially deferred; }"),
    (
        "",
        "alter table posts { drop constraint posts_reply_to_fkey; drop constraint posts_pkey; add primary key (id); add foreign key (reply_to) references posts; }",
    ),
    ("create table votes { by: uuid references users, on_post: bigint references posts }", "drop table votes;"),
    // Enums.
    (
        "create enum mood (\"ok\", \"bad\", \"odd\"); create table moods { mood: mood primary key } \
         alter table users { add mood: mood? references moods; add moods: mood[] default [\"ok\"]; }",
        "alter enum mood { drop \"odd\" into \"bad\"; }",
    ),
    (
        "create enum mood (\"ok\"); alter table users { add mood: mood default \"ok\"; }",
        "alter enum mood { add \"bad\"; rename \"ok\" to \"fine\"; }",
    ),
    // Numbers.
    ("create table counted { id: integer primary key }", "alter table counted { alter id add identity; }"),
    ("create table counted { id: integer identity primary key }", "alter table counted { alter id add identity always; }"),
];

/// Two tables for the recipes.
pub const ORIGIN: &str = r#"
    create table users { id: integer primary key, name: text?, age: integer? }
    create table posts { id: integer primary key, by: integer?, title: text? }
"#;

/// What the recipes are for, with what is asked afterwards and its answer.
pub const RECIPES: &[(&str, &str, &str)] = &[
    ("create index on users (name);", "SELECT count(*) FROM pg_index WHERE indrelid = 'users'::regclass AND indisvalid", "2"),
    (
        "create unique index u on users (id, name);",
        "SELECT indisunique AND indisvalid FROM pg_index WHERE indexrelid = 'u'::regclass",
        "t",
    ),
    (
        "alter table users { add unique (id, age); }",
        "SELECT count(*) FROM pg_constraint WHERE contype = 'u' AND conindid = 'users_id_age_key'::regclass",
        "1",
    ),
    ("alter table users { add adult: check (age >= 0); }", "SELECT convalidated FROM pg_constraint WHERE conname = 'adult'", "t"),
    (
        "alter table posts { add foreign key (by) references users; }",
        "SELECT convalidated FROM pg_constraint WHERE conname = 'posts_by_fkey'",
        "t",
    ),
    (
        "alter table users { alter age set not null; alter name set not null; }",
        "SELECT count(*) FILTER (WHERE attnotnull) * 10 + (SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND conrelid = \
         'users'::regclass) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname IN ('age', 'name')",
        "20",
    ),
    (
        "alter table users { alter age set not null; drop constraint users_pkey; add primary key (id, age); }",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'p'",
        "PRIMARY KEY (id, age)",
    ),
    (
        "alter table users { drop constraint users_pkey; alter age set not null; add p: primary key (age, id); }",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'users'::regclass AND conname = 'p'",
        "PRIMARY KEY (age, id)",
    ),
    (
        "alter table users { drop constraint users_pkey; add uid: uuid default uuid(); add unique (id); add primary key (uid); }",
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'users'::regclass AND contype = 'p'",
        "PRIMARY KEY (uid)",
    ),
    ("alter table users { add token: uuid default uuid(); }", "SELECT count(DISTINCT token) = count(*) FROM users", "t"),
    ("alter table users { add token: uuid? default uuid() unique; }", "SELECT count(DISTINCT token) = count(*) FROM users", "t"),
    (
        "alter table users { add number: serial; }",
        "SELECT count(DISTINCT number) = count(*) AND max(number) < nextval('users_number_seq') FROM users",
        "t",
    ),
    (
        "alter table users { add number: bigint identity; }",
        "SELECT count(DISTINCT number) = count(*) AND max(number) < nextval(pg_get_serial_sequence('users', 'number')) FROM users",
        "t",
    ),
    (
        "alter table users { add handle: text?; } backfill users set handle = lower(name);",
        "SELECT count(*) FROM users WHERE handle IS NULL AND id <= 60000",
        "0",
    ),
    (
        "backfill users set age = age + 100 where age < 90 undo { backfill users set age = age - 100 where age >= 100; };",
        "SELECT count(*) FROM users WHERE age NOT BETWEEN 100 AND 189 AND id <= 60000",
        "0",
    ),
];
