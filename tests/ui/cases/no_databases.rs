//! Rule `no_databases`: a history without databases

migrate::history! {
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
