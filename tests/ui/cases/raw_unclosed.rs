//! Rule `raw_unclosed`: a string literal or a parenthesis that is not closed

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "UPDATE users SET nickname = 'it's'" as nothing;
        sql "DO $$ BEGIN PERFORM 1; END" as nothing;
        alter table users { add check (sql("visits > (1")); }
    }
}

fn main() {}
