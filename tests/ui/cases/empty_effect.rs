//! Rule `empty_effect`: raw SQL that states nothing

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "CREATE VIEW v AS SELECT email FROM users" as { };
    }
}

fn main() {}
