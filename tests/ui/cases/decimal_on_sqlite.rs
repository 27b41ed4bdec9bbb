//! Rule `decimal_on_sqlite`: a decimal with more digits than SQLite keeps

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add price: decimal(20, 2)?; }
    }
}

fn main() {}
