//! Rule `raw_lock`: raw SQL locks a table

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[only(postgres)]
        sql "LOCK TABLE users" as nothing undo nothing "tested";
    }
}

fn main() {}
