//! Rule `only_elsewhere`: the history does not serve the database

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[only(sqlite)]
        alter table users { add age: integer?; }
    }
}

fn main() {}
