//! Rule `unknown_setting`: a setting that does not exist

migrate::history! {
    databases: postgres;
    nmae: "x";
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
