//! Rule `unknown_setting`: a setting that is not there.

mod migrations {
    migrate::history! {
        databases: postgres;
        nmae: "x";
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table users { id: uuid primary key }
        }
    }
}

fn main() {}
