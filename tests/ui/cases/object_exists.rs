//! Rule `object_exists`: an extension or a schema that is there already

migrate::history! {
    databases: postgres;
    m1;
    m2;
    m3;
}

mod m1 {
    migrate::migration! {
        create extension pg_trgm;
        create schema billing;
        create table billing.invoices { id: bigint primary key }
    }
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
