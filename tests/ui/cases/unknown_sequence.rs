//! Rule `unknown_sequence`: a sequence that no column has

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table t { id: bigint primary key serial, other: bigint default nextval(t_id_sek), }
            create table u { id: bigint default nextval("Made by hand"), }
        }
    }
}

fn main() {}
