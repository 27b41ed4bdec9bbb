//! Rule `name_too_long`: a name that PostgreSQL would truncate

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table a_table_whose_name_is_so_long_that_postgresql_would_cut_it_off_without_a_word { id: uuid primary key }
    }
}

fn main() {}
