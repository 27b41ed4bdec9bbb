//! Rule `several_mistakes`: several mistakes, one error for each

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table usres { add age: integer?; }
        alter table users { add email: text?; }
        drop index posts_titel_idx;
        alter table users { drop constraint nothing; }
    }
}

fn main() {}
