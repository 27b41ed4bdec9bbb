//! Rule `merge_conflict_dependency`: a dependency changes what a parent changes too

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
    m3;
    m4;
}

mod m2 {
    migrate::migration! {
        after super::m1;
        alter table users { add name: text?; }
    }
}

mod m3 {
    migrate::migration! {
        label "other";
        after super::m1;
        alter table users { add name: text?; }
    }
}

mod m4 {
    migrate::migration! {
        after super::m2;
        depends on super::m3;
    }
}

fn main() {}
