//! Rule `rename_column_by_raw`: what raw SQL states is as dangerous as the same statements of the language

migrate::history! {
    databases: postgres;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        sql "ALTER TABLE users RENAME nickname TO nick" as { alter table users { rename nickname to nick; } }
        sql "ALTER TABLE posts RENAME TO articles" as { rename table posts to articles; }
        sql "ALTER TABLE users ADD z integer NOT NULL" as { alter table users { add z: integer; } }
        sql "ALTER TABLE users ALTER visits TYPE bigint" as { alter table users { alter visits type bigint; } }
    }
}

fn main() {}
