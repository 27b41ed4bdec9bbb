//! Rule `raw_scan`: raw SQL that reads all rows of a table under its lock

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ALTER TABLE users ADD CONSTRAINT sane CHECK (visits >= 0)" as { alter table users { add sane: check (visits >= 0); } }
        sql "ALTER TABLE users ALTER nickname SET NOT NULL" as { alter table users { alter nickname set not null; } }
        sql "ALTER TABLE posts ADD CONSTRAINT p FOREIGN KEY (id) REFERENCES posts" as nothing undo "ALTER TABLE posts DROP CONSTRAINT p";
        sql "ALTER TABLE posts ADD CHECK (id > 0) NOT VALID; ALTER TABLE posts VALIDATE CONSTRAINT posts_id_check" as nothing undo nothing "tested";
    }
}

fn main() {}
