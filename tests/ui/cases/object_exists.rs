//! Rule `object_exists`: an extension or a schema that already exists

migrate::history! {
    databases: postgres;
    #[path = "../given/sales.rs"]
    mod m1;
    m2;
    m3;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create schema billing;
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        create extension hstore;
        create extension hstore;
    }
}

fn main() {}
