//! Rule `wrong_down`: a mistake in `down` or `undo` is one error

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
    m3;
    m4;
    m5;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        alter table users { add age: integer?; }
        down { alter table users { drop agee; } }
    }
}

mod m3 {
    migrate::migration! {
        after super::m1;

        alter table users { add height: integer?; }
        down { alter table users { dorp height; } }
    }
}

mod m4 {
    migrate::migration! {
        after super::m1;

        alter table users { add weight: integer? undo { drop wieght; }; }
    }
}

mod m5 {
    migrate::migration! {
        after super::m2, super::m3, super::m4;

        alter table users { add size: integer defualt 5; }
        down { alter table users { drop size; } }
    }
}

fn main() {}
