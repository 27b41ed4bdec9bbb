//! Rule `planned_objects`: statements that are not supported yet

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create view v as r"SELECT 1";
        drop function f(integer);
        create trigger x on users after insert execute f();
    }
}

fn main() {}
