//! Rule `index_method`: an unknown index method, or one that does not support a type or an option

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table t { k: integer, tags: text[], data: json, at: postgres::point?, }

            create index on t using gni (tags);
            create index on t using gin (k);
            create index on t using hash (k desc);
            create unique index on t using hash (k);
            create index on t using spgist (k, k);
            create index on t (at);
        }
    }
}

fn main() {}
