//! Settings of the session, for one statement.

use crate::session_setting::{SessionSetting, SettingScope};
use crate::sql::quote;

/// The statement before others that have these settings, and the one after them. The values from before are kept in settings of our own
/// until then.
pub(super) fn around(settings: &[SessionSetting], scope: SettingScope) -> Option<[String; 2]> {
    if settings.is_empty() {
        return None;
    }
    let set = |one: &SessionSetting| {
        let (name, kept) = names(one);
        [config(&kept, &now(&name), scope), config(&name, &quote::text(&one.value), scope)]
    };
    let back = |one: &SessionSetting| {
        let (name, kept) = names(one);
        [config(&name, &now(&kept), scope), config(&kept, "NULL", scope)]
    };
    Some([select(settings.iter().flat_map(set)), select(settings.iter().flat_map(back))])
}

/// A setting and the one that keeps its value, as literals.
fn names(setting: &SessionSetting) -> (String, String) {
    (quote::text(&setting.name), quote::text(&format!("migrate.{}", setting.name)))
}

fn select(calls: impl Iterator<Item = String>) -> String {
    format!("SELECT {}", calls.collect::<Vec<_>>().join(", "))
}

/// The value that a setting has, null where it is unknown.
fn now(name: &str) -> String {
    format!("pg_catalog.current_setting({name}, true)")
}

fn config(name: &str, value: &str, scope: SettingScope) -> String {
    let is_local = match scope {
        SettingScope::Transaction => "true",
        SettingScope::Session => "false",
    };
    format!("pg_catalog.set_config({name}, {value}, {is_local})")
}
