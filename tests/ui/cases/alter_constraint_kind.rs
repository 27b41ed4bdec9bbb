//! Rule `alter_constraint_kind`: only a foreign key can be altered

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { alter constraint users_email_key deferrable; }
    }
}

fn main() {}
