//! Rule `object_used`: a schema that still has a table

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

        drop schema billing;
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        create extension citext;
    }
}

fn main() {}
