//! Rule `unknown_attribute`: an attribute that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[onyl(postgres)]
        alter table users { add age: integer?; }
    }
}

fn main() {}
