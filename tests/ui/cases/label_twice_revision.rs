//! Rule `label_twice_revision`: a label that is the revision id of another migration

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        label "m1";
        after super::m1;

        create table invoices { id: uuid primary key }
    }
}

fn main() {}
