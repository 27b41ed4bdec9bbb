//! A chain that is longer than a literal holds changes: what the first migration made is known to the last.

macro_rules! chain {
    ($($child:ident after $parent:ident;)*) => {
        $(mod $child {
            migrate::migration! {
                after super::$parent;

                create table $child { id: bigint primary key, first: bigint references first, last: bigint references $parent }
            }
        })*
    };
}

mod migrations {
    migrate::history! {
        databases: postgres, sqlite;
        first;
        m01;
        m02;
        m03;
        m04;
        m05;
        m06;
        m07;
        m08;
        m09;
        m10;
        m11;
        m12;
        m13;
        m14;
        m15;
        m16;
        m17;
        m18;
        m19;
        m20;
        m21;
        m22;
        m23;
        m24;
        m25;
        m26;
        m27;
        m28;
        m29;
        m30;
        m31;
        m32;
        m33;
        m34;
        m35;
        m36;
        m37;
        m38;
        m39;
    }

    mod first {
        migrate::migration! {
            create table first { id: bigint primary key }
        }
    }

    chain! {
        m01 after first;
        m02 after m01;
        m03 after m02;
        m04 after m03;
        m05 after m04;
        m06 after m05;
        m07 after m06;
        m08 after m07;
        m09 after m08;
        m10 after m09;
        m11 after m10;
        m12 after m11;
        m13 after m12;
        m14 after m13;
        m15 after m14;
        m16 after m15;
        m17 after m16;
        m18 after m17;
        m19 after m18;
        m20 after m19;
        m21 after m20;
        m22 after m21;
        m23 after m22;
        m24 after m23;
        m25 after m24;
        m26 after m25;
        m27 after m26;
        m28 after m27;
        m29 after m28;
        m30 after m29;
        m31 after m30;
        m32 after m31;
        m33 after m32;
        m34 after m33;
        m35 after m34;
        m36 after m35;
        m37 after m36;
        m38 after m37;
        m39 after m38;
    }
}

fn main() {
    let migrations = &migrations::HISTORY.migrations;
    assert_eq!(migrations.len(), 40);
    for pair in migrations.windows(2) {
        let steps = pair[1].compiled().scripts[0].upgrade.iter();
        let sql: String = steps.flat_map(|step| step.statements.iter()).map(|statement| &*statement.sql).collect();
        assert!(sql.contains("REFERENCES \"first\" (\"id\")"), "{sql}");
        assert!(sql.contains(&format!("REFERENCES \"{}\" (\"id\")", pair[0].id)), "{sql}");
    }
}
