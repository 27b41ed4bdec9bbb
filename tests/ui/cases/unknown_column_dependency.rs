//! Rule `unknown_column_dependency`: the schema is the merge of what the parents and the dependencies leave behind

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        depends on super::m1;
        label "billing";

        create table invoices { id: uuid primary key, user_id: uuid references users (ident) }
    }
}

fn main() {}
