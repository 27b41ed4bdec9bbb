//! Rule `setting_twice`: a duplicate setting of a history or of a migration.

migrate::history! {
    databases: postgres;
    databases: sqlite;
    require: schema;
    require: exact;
    #[path = "../given/users.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;
        label "one";
        label "two";

        require schema;
        require exact;

        alter table users { add name: text?; }
    }
}

fn main() {}
