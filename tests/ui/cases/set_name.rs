//! Rule `set_name`: a setting of all statements alike, set for one

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        #[set(maintenance_work_mem = "1GB", search_path = "billing")]
        create index on users (nickname);
    }
}

fn main() {}
