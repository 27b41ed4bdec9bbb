//! Rule `two_heads_labelled`: two migrations that no other comes after, and a branch with a label

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
    m4;
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
        after super::m1;

        alter table users { add age: integer?; }
    }
}

mod m4 {
    migrate::migration! {
        after super::m1;

        alter table users { add height: integer?; }
    }
}

fn main() {}
