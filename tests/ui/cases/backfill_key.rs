//! Rule `backfill_key`: a backfill of a table without a key by which its batches can go

migrate::history! {
    databases: postgres, sqlite;
    m1;
    m2;
}

mod m1 {
    migrate::migration! {
        create table visits { at: timestamptz, path: text? unique, seconds: integer }
    }
}

mod m2 {
    migrate::migration! {
        after super::m1;

        backfill visits set path = "/" where path is null undo nothing "the paths are not known";
    }
}

fn main() {}
