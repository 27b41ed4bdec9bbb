//! Rule `drop_column_used`: a column that a constraint still uses

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users {
            #[allow(drop_column, reason = "unused")]
            drop email undo default "";
        }
    }
}

fn main() {}
