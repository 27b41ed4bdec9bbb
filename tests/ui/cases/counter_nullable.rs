//! Rule `counter_nullable`: a nullable column with `identity`

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table comments { id: uuid primary key, number: integer? identity }
    }
}

fn main() {}
