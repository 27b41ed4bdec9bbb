//! A history: its modules, its data, and what it exports to the roots.

use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::parse::{self, HistoryInput, Module};
use migrate_compiler::state::{Settings, State};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::expand::migration::database_name;
use crate::handover;

/// Writes the modules, `HISTORY`, and the macro that hands the settings to the roots.
pub(crate) fn history(input: TokenStream) -> TokenStream {
    let parsed = parse::history(input);
    let errors = parsed.errors();
    let databases: Vec<_> = parsed.databases.iter().map(|(database, _)| *database).collect();
    let state = format!("={}", State::root(Settings { databases, require: parsed.require }).encode());
    let modules = parsed.modules.iter().map(module);
    let needs = parsed.databases.iter().map(|(database, span)| {
        let (needs, word) = (format_ident!("__needs_{}", database.word()), Ident::new(database.word(), *span));
        quote! { ::migrate::#needs! { #word } }
    });
    let (data, checks, listed, test) = (data(&parsed), checks(&parsed), listed(&parsed), test(&parsed));
    quote! {
        #errors
        #[doc(hidden)]
        #[allow(unused_macros)]
        macro_rules! __no_history_lists_this_migration {
            ($($rest:tt)*) => { ::migrate::__compile! { #state $($rest)* } };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use __no_history_lists_this_migration;
        #(#modules)*
        #listed
        #(#needs)*
        #checks
        #data
        #test
    }
}

/// Rule `feature_off`.
pub(crate) fn feature_off(word: TokenStream) -> TokenStream {
    let span = word.clone().into_iter().next().map_or_else(Span::call_site, |word| word.span());
    let message = format!("the history serves `{word}`, and the crate `migrate` is built without its feature of that name");
    let mut diagnostic = Diagnostic::new("feature_off", span, message)
        .help(format!("write in Cargo.toml: migrate-db = {{ version = \"0.1\", features = [\"{word}\"] }}"));
    let why = "each database is one feature, so that nobody builds a driver that no history needs";
    *diagnostic.problem = diagnostic.problem.note(why);
    diagnostic.to_compile_error()
}

/// `mod m;` declares the module; a bare `m;` names one that is declared elsewhere.
fn module(module: &Module) -> TokenStream {
    let Module { declares, attributes, visibility, name } = module;
    if *declares {
        quote! { #(#attributes)* #visibility mod #name; }
    } else {
        TokenStream::new()
    }
}

/// The modules once more: by this path children name their parents, so that rustc says where a parent is missing.
fn listed(parsed: &HistoryInput) -> TokenStream {
    let (listed, names) = (handover::listed(Span::call_site()), parsed.modules.iter().map(|module| &module.name));
    quote! {
        #[doc(hidden)]
        #[allow(unused_imports)]
        mod #listed {
            pub(super) use super::{#(#names),*};
        }
    }
}

/// The test that no migration was forgotten.
fn test(parsed: &HistoryInput) -> TokenStream {
    let names = parsed.modules.iter().map(|module| module.name.unraw().to_string());
    quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        fn every_migration_is_listed() -> ::core::result::Result<(), ::migrate::__private::Unlisted> {
            ::migrate::__private::every_migration_is_listed(
                ::migrate::__private::Place {
                    file: ::core::file!(),
                    module: ::core::module_path!(),
                    package: ::core::option_env!("CARGO_MANIFEST_DIR"),
                },
                &[#(#names),*],
            )
        }
    }
}

fn data(parsed: &HistoryInput) -> TokenStream {
    let name = parsed.name.as_ref().map_or_else(|| quote! { ::core::env!("CARGO_PKG_NAME") }, |name| quote! { #name });
    let databases = parsed.databases.iter().map(|(database, _)| database_name(*database));
    let modules = parsed.modules.iter().map(|module| &module.name);
    quote! {
        /// The migrations of this crate, compiled.
        pub static HISTORY: ::migrate::History = {
            use ::migrate::__private::{Borrowed, Database, History};
            History {
                name: Borrowed(#name),
                databases: Borrowed(&[#(Database::#databases),*]),
                migrations: Borrowed(&[#(&#modules::MIGRATION),*]),
            }
        };
    }
}

/// What can only be seen from all migrations together: two heads, and a revision id twice.
fn checks(parsed: &HistoryInput) -> TokenStream {
    let room = (parsed.modules.len() * 4 + 16).next_power_of_two();
    let all = parsed.modules.iter().map(|module| &module.name).map(|name| quote! { #name::__HEAD });
    let each = parsed.modules.iter().enumerate().map(|(place, module)| {
        quote_spanned! { module.name.span() => const _: () = ::migrate::__private::check(__SHAPE, #place, __MIGRATIONS); }
    });
    quote! {
        #[doc(hidden)]
        const __MIGRATIONS: &[::migrate::__private::Head] = &[#(#all),*];
        #[doc(hidden)]
        #[allow(dead_code)]
        const __SHAPE: ::migrate::__private::Shape = ::migrate::__private::shape::<#room>(__MIGRATIONS);
        #(#each)*
    }
}
