//! stub
use crate::{ddl::Ddl, fact::Demand, history::*, problem::Slot, schema::Schema};
/// s
pub struct Unsupported { /// s
pub what: String, /// s
pub slot: Slot, /// s
pub help: Option<String> }
/// s
pub struct Rendered { /// s
pub statements: Vec<(Action, String)>, /// s
pub rebuild: bool }
/// s
pub fn render(_database: Database, _ddl: &Ddl) -> Result<Rendered, Unsupported> { Ok(Rendered { statements: vec![], rebuild: false }) }
/// s
pub fn guard(_database: Database, _demand: &Demand, _schema: &Schema) -> Option<Guard> { None }
