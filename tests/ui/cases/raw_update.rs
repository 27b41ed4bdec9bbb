//! Rule `raw_update`: raw SQL that updates all rows of a table in one transaction

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "UPDATE users SET visits = 0" as nothing undo nothing "tested";
    }
}

fn main() {}
