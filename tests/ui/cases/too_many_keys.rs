//! Rule `too_many_keys`: a key of more than 32 columns

migrate::history! {
    databases: postgres, sqlite;
    #[path = "../given/blog.rs"]
    mod m1;
    m2;
}

mod m2 {
    migrate::migration! {
        after super::m1;

        create table wide { c0: integer?, c1: integer?, c2: integer?, c3: integer?, c4: integer?, c5: integer?, c6: integer?, c7: integer?, c8: integer?, c9: integer?, c10: integer?, c11: integer?, c12: integer?, c13: integer?, c14: integer?, c15: integer?, c16: integer?, c17: integer?, c18: integer?, c19: integer?, c20: integer?, c21: integer?, c22: integer?, c23: integer?, c24: integer?, c25: integer?, c26: integer?, c27: integer?, c28: integer?, c29: integer?, c30: integer?, c31: integer?, c32: integer?, unique (c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17, c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31, c32) }
    }
}

fn main() {}
