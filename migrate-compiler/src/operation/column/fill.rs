//! The value that every row gets in a column that comes back.

use crate::check::expr;
use crate::expr::{CurrentValue, Expr};
use crate::name::{Name, Written};
use crate::problem::{Problem, Problems, Role, Slot};
use crate::schema::{Column, Schema};
use crate::types::Type;

/// Checks the value as a default of the column: rules `counter_default`, `default_type`, `default_null` and `default_column`.
pub(super) fn check(schema: &Schema, owner: &Name, column: &Column, fill: &Expr, problems: &mut Problems) {
    let shown = Written(&column.name);
    let slot = Slot::new(Role::Default, &column.name);
    if column.counter.is_some() {
        let message = format!("the database numbers `{shown}`, so `undo default` cannot set its values");
        problems.push(Problem::new("counter_default", slot, message).help(format!("write `drop {shown};`")));
    } else if *fill == Expr::Null && !column.nullable {
        let message = format!("`{shown}` is `not null`, so its value cannot be null");
        let help = format!("write `drop {shown} undo default {};`", plain(&column.ty));
        problems.push(Problem::new("default_null", slot, message).help(help));
    } else {
        expr::default(schema, owner, column, fill, problems);
    }
}

/// A value of the type that says as little as can be, to be shown in a help; where it must be distinct, one that is.
pub(crate) fn plain(ty: &Type) -> Expr {
    let text = |text: &str| Expr::Text(text.into());
    let call = |function: &str| Expr::Call { function: function.to_owned(), arguments: Vec::new() };
    match ty {
        Type::Boolean => Expr::Bool(false),
        Type::SmallInt | Type::Integer | Type::BigInt | Type::Real | Type::Double | Type::Decimal { .. } => {
            Expr::Number("0".to_owned())
        }
        Type::Text | Type::Varchar(_) | Type::Char(_) => text(""),
        Type::Bytes => Expr::Bytes(Vec::new()),
        Type::Uuid => call("uuid"),
        Type::Date => Expr::Current(CurrentValue::Date),
        Type::Time => text("00:00"),
        Type::Timestamp | Type::Timestamptz => call("now"),
        Type::Interval => Expr::Interval("0 days".to_owned()),
        Type::Json => text("{}"),
        Type::Enum(of) => text(of.values.first().map_or("", String::as_str)),
        Type::Array(_) => Expr::Array(Vec::new()),
        // What the type's values look like only its database knows.
        Type::Native(_) => Expr::Raw("…".to_owned()),
    }
}
