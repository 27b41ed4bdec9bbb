//! Rule `raw_copy`: a `COPY` that requires a client

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "COPY users (id, email) FROM STDIN WITH (FORMAT csv)" as nothing;
        sql "COPY (SELECT id FROM users) TO STDOUT" as nothing;
    }
}

fn main() {}
