//! Rule `module_twice`: a module that is listed twice

migrate::history! {
    databases: postgres;
    #[path = "../given/users.rs"]
    mod m1;
    m1;
}

fn main() {}
