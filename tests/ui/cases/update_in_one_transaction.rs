//! Rule `update_in_one_transaction`: rows are updated in one transaction, and no key says which

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        update users set visits = visits + 1 where nickname is not null undo nothing "they are not needed";
    }
}

fn main() {}
