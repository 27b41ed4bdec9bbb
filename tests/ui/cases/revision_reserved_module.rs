//! Rule `revision_reserved_module`: a module whose name is a target keyword of the command line

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/users.rs"]
    mod m1;
    current;
}

mod current {
    migrate::migration! {
        after super::m1;
    }
}

fn main() {}
