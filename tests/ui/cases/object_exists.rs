//! Rule `object_exists`: an extension or a schema that already exists

migrate::history! {
    databases: postgres;
    #[path = "../given/sales.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create schema billing;

        create extension hstore;
        create extension hstore;
    }
}

fn main() {}
