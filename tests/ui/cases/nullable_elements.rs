//! Rule `nullable_elements`: the question mark stands behind the brackets

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
