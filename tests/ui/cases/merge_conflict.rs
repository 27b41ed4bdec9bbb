//! Rule `merge_conflict`: both sides change the same thing

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

        alter table users { alter visits set default 1; }
    }
}

mod m3 {
    migrate::migration! {
        after super::m1;
        alter table users { alter visits set default 2; }
    }
}

mod m4 {
    migrate::migration! {
        after super::m2, super::m3;
    }
}

fn main() {}
