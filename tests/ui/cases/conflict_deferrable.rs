//! Rule `conflict_deferrable`: `on conflict` on a table with a key that is checked at the COMMIT

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table places { place: integer, unique (place) deferrable }

        insert into places (place) values (1), (2) on conflict do nothing;
    }
}

fn main() {}
