//! Rule `value_generated`: a value for a column that only the database gives values

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table logs { id: bigint primary key identity always, text: text }

        insert into logs (id, text) values (1, "begun");
    }
}

fn main() {}
