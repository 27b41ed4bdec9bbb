//! A history whose macros come from a crate that hands them on.

use migrate_handed_tests::database;

database::history! {
    name: "handed on";
    databases: sqlite;
    create_users;
    add_name;
    add_email;
    merge;
}

mod create_users {
    migrate_handed_tests::database::migration! {
        //! Who may log in.
        create table users { id: bigint primary key }
    }
}

mod add_name {
    migrate_handed_tests::database::migration! {
        //! What they are called.
        after super::create_users;
        alter table users { add name: text?; }
    }
}

mod add_email {
    migrate_handed_tests::database::migration! {
        //! Where they get letters.
        after super::create_users;
        alter table users { add email: text?; }
    }
}

mod merge {
    migrate_handed_tests::database::migration! {
        //! Both together.
        after super::add_name, super::add_email;
    }
}
