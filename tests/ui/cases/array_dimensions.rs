//! Rule `array_dimensions`: an array of more than 6 dimensions

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add boxes: text[][][][][][][]; }
    }
}

fn main() {}
