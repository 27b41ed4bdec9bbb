//! Rule `only_elsewhere`: a database that the history does not list

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
