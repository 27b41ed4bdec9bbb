//! The names of modules.

use migrate_history::plan::RESERVED_IDS;
use proc_macro2::{Ident, Span};

/// Whether a module can be called so, and a migration with it.
pub fn is_module_name(name: &str) -> bool {
    name.is_ascii() && name != "_" && syn::parse_str::<Ident>(name).is_ok() && !RESERVED_IDS.contains(&name)
}

/// The name as a token, raw where it is a keyword.
pub(crate) fn ident(name: &str) -> Ident {
    if syn::parse_str::<Ident>(name).is_ok() {
        Ident::new(name, Span::call_site())
    } else {
        Ident::new_raw(name, Span::call_site())
    }
}
