//! Rule `history_name`: a history with an empty name

migrate::history! {
    databases: postgres;
    name: "";
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
