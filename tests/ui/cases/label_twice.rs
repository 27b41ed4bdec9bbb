//! Rule `label_twice`: two migrations with the same label

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
}

mod m2 {
    migrate::migration! {
        label "billing";
        after super::m1;

        create table invoices { id: uuid primary key }
    }
}

mod m3 {
    migrate::migration! {
        label "billing";
        after super::m2;

        create table payments { id: uuid primary key }
    }
}

fn main() {}
