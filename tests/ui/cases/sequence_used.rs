//! Rule `sequence_used`: a sequence that the default of another column uses

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table t { id: bigint primary key serial, k: integer, }
            create table u { id: bigint default nextval(t_id_seq), }

            alter table t { drop constraint t_pkey; drop id; }
            drop table t;
        }
    }
}

fn main() {}
