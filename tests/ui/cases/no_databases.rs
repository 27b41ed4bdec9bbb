//! Rule `no_databases`: a history says which databases it serves.

migrate::history! {
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
