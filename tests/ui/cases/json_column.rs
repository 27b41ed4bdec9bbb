//! Rule `json_column`: a type without equality

migrate::history! {
    databases: postgres, sqlite;
    rules: deny(json_column);
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { #[only(postgres)] add extra: postgres::json?; }
    }
}

fn main() {}
