//! Examples of raw SQL.

use migrate_history::Database;

use crate::example::{self, Examples};
use crate::operation::{AddColumn, Expect, Operation, RunSql};
use crate::schema::Schema;
use crate::types::Type;

impl Examples for RunSql {
    fn examples() -> Vec<(Schema, Operation)> {
        let raw = |texts: Vec<(Option<Database>, String)>, effect| (example::schema(), RunSql { texts, effect }.into());
        let column = example::column("size", Type::Integer).null();
        let add = AddColumn { table: "posts".into(), column, fill: None };
        let text = "ALTER TABLE posts ADD COLUMN size INTEGER".to_owned();
        let each = Database::ALL.iter().map(|&database| (Some(database), text.clone())).collect();
        vec![raw(vec![(None, text)], Some(vec![add.clone().into()])), raw(each, Some(vec![add.into()]))]
    }
}

impl Examples for Expect {
    fn examples() -> Vec<(Schema, Operation)> {
        let text = "SELECT count(*) FROM users WHERE email = ''".to_owned();
        let each = Database::ALL.iter().map(|&database| (Some(database), text.clone())).collect();
        let of = |texts| (example::schema(), Expect { what: "no empty \"email\"".to_owned(), texts }.into());
        vec![of(vec![(None, text)]), of(each)]
    }
}
