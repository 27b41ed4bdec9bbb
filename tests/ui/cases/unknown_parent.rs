//! Rule `unknown_parent`: a parent that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
}

mod m2 {
    migrate::migration! {
        after super::m_1;

        alter table users { add age: integer?; }
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        alter table users { drop age; }
    }
}

fn main() {}
