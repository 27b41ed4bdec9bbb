//! Rule `revision_reserved`: a revision id that is a target keyword of the command line

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        revision "head";
        after super::m1;
    }
}

fn main() {}
