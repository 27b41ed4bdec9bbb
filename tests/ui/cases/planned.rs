//! Rule `planned`: a part of the language that is not supported yet

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create sequence counter;

        alter table users {
            add domain: text generated as (lower(email));
            add country: text collate "C";
            add size: mysql::mediumint;
            add exclude using gist (id with =);
        }
    }
}

fn main() {}
