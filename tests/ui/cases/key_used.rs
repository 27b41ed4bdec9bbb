//! Rule `key_used`: a key that a foreign key still references

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { drop constraint users_pkey; }
    }
}

fn main() {}
