//! Rule `raw_rewrite`: raw SQL that rewrites a table

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
        sql "CLUSTER users USING users_pkey" as nothing undo nothing "tested";
    }
}

fn main() {}
