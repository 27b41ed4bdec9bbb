//! Rule `raw_rename`: raw SQL that renames something that may be in use

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ALTER TABLE users RENAME COLUMN nickname TO nick" as nothing undo "ALTER TABLE users RENAME COLUMN nick TO nickname";
        sql "ALTER FUNCTION visits(uuid) SET SCHEMA old" as nothing undo nothing "tested";
    }
}

fn main() {}
