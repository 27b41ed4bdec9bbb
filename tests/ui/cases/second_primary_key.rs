//! Rule `second_primary_key`: a second primary key

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add primary key (email); }

        create table notes { id: uuid primary key, name: text? primary key }
    }
}

fn main() {}
