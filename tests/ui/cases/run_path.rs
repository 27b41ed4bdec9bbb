//! Rule `run_path`: what `run` calls is a path, without parentheses

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        run "fill";
        run fill() undo nothing "nothing to undo";
        run fill in parts undo nothing "nothing to undo";
    }
}

fn main() {}
