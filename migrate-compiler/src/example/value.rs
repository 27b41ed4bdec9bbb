//! Examples of the changes of an enum's values.

use crate::example::{self, Examples};
use crate::expr::{Binary, Expr};
use crate::objects::Enum;
use crate::operation::{AddValue, CreateIndex, CreateTable, DropValue, Operation, RenameValue, ValuePosition};
use crate::schema::{Index, Rule, Schema, Table};
use crate::types::{EnumType, Type};

/// Days with a mood, which has a default, a check and an index.
fn schema() -> Schema {
    let values: Vec<String> = ["sad", "ok", "happy"].map(str::to_owned).to_vec();
    let mut schema = Schema::default();
    schema.objects.insert("mood".into(), Enum { values: values.clone() }.into());
    let of = || Type::Enum(EnumType { name: "mood".into(), values: values.clone() });
    let is = |value: &str| example::binary(Binary::Equal, Expr::column("mood"), Expr::Text(value.into()));
    let table = Table {
        columns: vec![
            example::column("day", Type::Date),
            example::column("mood", of()).defaulting(Expr::Text("ok".into())),
            example::column("later", of()).null(),
        ],
        constraints: vec![example::constraint(Rule::Check { condition: is("ok") })],
        ..Table::default()
    };
    example::run(&mut schema, CreateTable { name: "days".into(), table }.into());
    let index = Index { filter: Some(is("ok")), ..example::index(["day"]) };
    example::run(&mut schema, CreateIndex { table: "days".into(), index }.into());
    schema
}

impl Examples for AddValue {
    fn examples() -> Vec<(Schema, Operation)> {
        let places = [ValuePosition::Last, ValuePosition::Before("sad".into()), ValuePosition::After("ok".into())];
        let add = |place| AddValue { of: "mood".into(), value: "calm".into(), place }.into();
        places.into_iter().map(|place| (schema(), add(place))).collect()
    }
}

impl Examples for RenameValue {
    fn examples() -> Vec<(Schema, Operation)> {
        vec![(schema(), RenameValue { of: "mood".into(), from: "happy".into(), to: "glad".into() }.into())]
    }
}

impl Examples for DropValue {
    fn examples() -> Vec<(Schema, Operation)> {
        let drop = |value: &str, into: Option<&str>| {
            DropValue { of: "mood".into(), value: value.to_owned(), into: into.map(str::to_owned) }.into()
        };
        vec![(schema(), drop("sad", Some("ok"))), (schema(), drop("happy", None))]
    }
}
