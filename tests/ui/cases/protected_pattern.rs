//! Rule `protected_pattern`: a pattern of a protected database that is not `HOST/DATABASE`

migrate::history! {
    databases: postgres;
    protected: "db-1.example.com/shop", "shop";
    #[path = "../given/users.rs"]
    mod m1;
}

fn main() {}
