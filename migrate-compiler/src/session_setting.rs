//! `#[set(name = "value")]`: a setting of the session, for one statement.

use std::fmt;

/// A setting and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSetting {
    /// Its name, in small letters.
    pub name: String,
    /// Its value, as the database reads it.
    pub value: String,
}

/// How long a setting lasts where nothing puts it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SettingScope {
    /// Until the transaction ends.
    Transaction,
    /// As long as the session.
    Session,
}

impl fmt::Display for SessionSetting {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} = {:?}", self.name, self.value)
    }
}

/// `#[set(…)] `, or nothing where there is none.
pub(crate) fn written(settings: &[SessionSetting]) -> String {
    let list: Vec<String> = settings.iter().map(ToString::to_string).collect();
    if list.is_empty() { String::new() } else { format!("#[set({})] ", list.join(", ")) }
}
