//! Rule `value_used_cast`: an enum that something casts to is changed

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/mood.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table notes { id: bigint primary key, word: text default "ok"::mood::text, check (word::mood is not null) }
        alter enum mood { add "calm"; }
        alter enum mood { drop "sad" into "ok"; }
    }
}

fn main() {}
