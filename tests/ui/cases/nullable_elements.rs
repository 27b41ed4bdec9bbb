//! Rule `nullable_elements`: a `?` before the brackets of an array type

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[only(postgres)]
        alter table users { add tags: text?[]; }
    }
}

fn main() {}
