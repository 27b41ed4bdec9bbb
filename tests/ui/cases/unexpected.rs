//! Rule `unexpected`: a word that is not expected

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { drop column nickname; }
    }
}

fn main() {}
