//! Rule `unknown_object`: an enum, an extension or a schema that does not exist

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

        #[allow(drop_table, reason = "unused since 2.3")]
        drop table billing.invoices;
        #[allow(drop_object, reason = "unused since 2.3")]
        drop schema billing;
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        drop extension pg_tgrm;

        drop schema billing;

        create table billing.payments { id: bigint primary key }
    }
}

fn main() {}
