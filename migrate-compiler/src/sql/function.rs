//! The functions of the language in the words of the databases.

/// How a database writes a function.
#[derive(Clone, Copy)]
pub(crate) enum FunctionForm {
    /// By this name, with the same arguments.
    Call(&'static str),
    /// Otherwise.
    Custom(fn(&[String]) -> String),
}

impl FunctionForm {
    /// Whether the arguments are between commas; else each must be in parentheses where this is needed.
    pub fn is_call(self) -> bool {
        matches!(self, FunctionForm::Call(_))
    }

    /// A call with any number of arguments: wrong numbers are reported elsewhere.
    pub fn write(self, arguments: &[String]) -> String {
        match self {
            FunctionForm::Call(name) => call(name, arguments),
            FunctionForm::Custom(write) => write(arguments),
        }
    }
}

/// `name(…)`.
pub(super) fn call(name: &str, arguments: &[String]) -> String {
    format!("{name}({})", arguments.join(", "))
}

#[cfg(test)]
mod tests {
    use crate::sql::registry::dialect;
    use crate::typing::function::FUNCTIONS;
    use migrate_history::Database;

    /// A wrong number of arguments is reported elsewhere, and what was reported is still rendered.
    #[test]
    fn every_call_can_be_written() {
        for function in FUNCTIONS {
            for number in 0..5 {
                let arguments = vec!["x".to_owned(); number];
                for &database in Database::ALL {
                    let form = dialect(database).function(function).expect("every database has it");
                    assert!(!form.write(&arguments).is_empty(), "{} of {number} on {database}", function.name);
                }
            }
        }
    }
}
