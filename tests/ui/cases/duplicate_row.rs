//! Rule `duplicate_row`: two new rows of a statement have the same key

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email) values ("a@b.c"), ("d@e.f"), ("a@b.c");

        create table prices { price: decimal(5, 2) primary key }
        insert into prices (price) values (-1.50), (1), (-1.5);
    }
}

fn main() {}
