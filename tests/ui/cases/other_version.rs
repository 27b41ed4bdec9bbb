//! Rule `other_version`: a parent that was compiled with another version of migrate

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        m1;
        m2;
    }

    /// What another version could leave behind.
    mod m1 {
        migrate::migration! {}

        pub mod elsewhere {
            macro_rules! __migration_that_comes_before_this {
                ($($rest:tt)*) => { migrate::__compile! { migrate "0 of another form" $($rest)* } };
            }
            pub(crate) use __migration_that_comes_before_this;
            pub const __HEAD: migrate::__private::Head = migrate::__private::Head { explicit: true, ..super::__HEAD };
        }
    }

    mod m2 {
        migrate::migration! {
            after super::m1::elsewhere;

            alter table users { add age: integer?; }
        }
    }
}

fn main() {}
