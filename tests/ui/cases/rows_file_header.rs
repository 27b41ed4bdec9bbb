//! Rule `rows_file_header`: a file whose first line does not name the columns of the statement

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
    m4;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        insert into users (email, nickname) from "../given/users.csv";
    }
}

mod m3 {
    migrate::migration! {
        after super::m2;

        insert into users (email, nickname) from "../given/semicolons.csv";
    }
}

mod m4 {
    migrate::migration! {
        after super::m3;

        insert into users (email, nickname, visits, id) from "../given/users.csv";
    }
}

fn main() {}
