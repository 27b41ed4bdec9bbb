//! Rule `unknown_rule`: an `allow` of a rule that does not exist

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users {
            #[allow(drop_colum, reason = "unused since 2.3")]
            drop nickname;
        }

        #[allow(renam_column, reason = "unused since 2.3")]
        alter table users { rename email to address; rename visits to views; }

        #[allow(unknown_rule)]
        create index on posts (user_id);
    }
}

fn main() {}
