//! Rule `unexpected`: SQL writes a word that is not written here

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
