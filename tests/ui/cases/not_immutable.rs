//! Rule `not_immutable`: an index of an expression that depends on the time or on the session

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table t { day: date, at: timestamptz, label: text, }

            create index on t ((at::date));
            create index on t ((day::text));
            create index on t (label) where at > now();
            create index on t (label) where day < at;
            create index on t ((at + interval "1 day"));
            create index on t (([day, at]));
        }
    }
}

fn main() {}
