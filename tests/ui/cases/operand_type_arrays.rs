//! Rule `operand_type_arrays`: arrays of arrays that PostgreSQL does not make

mod migrations {
    migrate::history! {
        databases: postgres;
        m1;
    }

    mod m1 {
        migrate::migration! {
            create table t { id: bigint primary key, list: integer[]? }

            alter table t { add check ([[1, 2], null] is not null); }
            alter table t { add check ([[1, 2], [3]] is not null); }
            create index on t (([list, null]));
        }
    }
}

fn main() {}
