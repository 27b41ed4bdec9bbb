//! Rule `broken_ancestor`: the migrations after a mistake report only what cannot be parsed

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
    m4;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { rename nickname too nick; }
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        create index on users (nick);
        alter table users { add check (nicck <> ""); drop visits; }
    }
}

mod m4 {
    migrate::migration! {
        after super::m3;

        alter table users { dorp email; }
    }
}

fn main() {}
