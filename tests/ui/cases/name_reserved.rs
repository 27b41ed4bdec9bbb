//! Rule `name_reserved`: a name that a database reserves

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add xmin: integer?; }

        create table sqlite_notes { id: uuid primary key }
        create table _migrate_new_notes { id: uuid primary key }

        #[only(postgres)]
        create schema pg_notes;
        #[only(postgres)]
        create schema public;
        #[only(postgres)]
        create extension plpgsql;
        create enum path ("there", "back");
    }
}

fn main() {}
