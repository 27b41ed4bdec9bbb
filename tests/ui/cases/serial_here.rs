//! Rule `serial_here`: `serial` as the new type of a column

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter visits type serial; }
    }
}

fn main() {}
