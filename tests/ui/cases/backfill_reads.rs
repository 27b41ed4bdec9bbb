//! Rule `backfill_reads`: a backfill that reads what it sets of other rows

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        backfill users set visits = (select count(*) from users as other where other.visits < users.visits)
            undo nothing "the places are not needed";
    }
}

fn main() {}
