//! Rule `unknown_keyword`: a misspelled keyword

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create tabel comments { id: uuid primary key }

        create table likes {
            id: bigint primary kye,
            user_id: uuid refrences users,
            weight: integer defualt 5,
            uniqe (user_id),
        }

        alter table users { alter nickname sett not null; }
    }
}

fn main() {}
