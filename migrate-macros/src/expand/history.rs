//! A history: its modules, its data, and what it exports to the roots.

use migrate_compiler::diagnostic::Diagnostic;
use migrate_compiler::parse::{self, HistoryInput, Module};
use migrate_compiler::state::{Settings, State};
use migrate_history::Version;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use crate::expand::migration::database_name;
use crate::face::Face;

/// Writes the modules, `HISTORY`, and the macro that hands the settings to the roots.
pub(crate) fn history(face: &Face, input: TokenStream) -> TokenStream {
    let parsed = parse::history(input);
    let errors = parsed.errors();
    let settings = Settings {
        servers: parsed.servers.iter().map(|(server, _)| *server).collect(),
        require: parsed.require,
        rules: parsed.rules.clone(),
    };
    let state = format!("={}", State::root(settings).encode());
    let modules = parsed.modules.iter().map(module);
    let needs = parsed.servers.iter().map(|(server, span)| {
        let word = server.database.word();
        let (needs, word) = (format_ident!("__needs_{word}"), Ident::new(word, *span));
        quote! { #face::#needs! { #word } }
    });
    let (data, checks, test) = (data(face, &parsed), checks(face, &parsed), test(face, &parsed));
    let names: Vec<&Ident> = parsed.modules.iter().map(|module| &module.name).collect();
    let listed = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    quote! {
        #errors
        #[doc(hidden)]
        #[allow(unused_macros)]
        macro_rules! __no_history_lists_this_migration {
            (@ $($rest:tt)*) => { #face::__compile! { #face #state @ $($rest)* } };
            #((after #names [$($path:tt)*] $($rest:tt)*) => { $($path)*! { $($rest)* } };)*
            (after $name:ident $($rest:tt)*) => { #face::__unknown_parent! { #face #listed $name $($rest)* } };
        }
        #[doc(hidden)]
        #[allow(unused_imports)]
        pub(crate) use __no_history_lists_this_migration;
        #(#modules)*
        #(#needs)*
        #checks
        #data
        #test
    }
}

/// Rule `feature_off`.
pub(crate) fn feature_off(word: TokenStream) -> TokenStream {
    let span = word.clone().into_iter().next().map_or_else(Span::call_site, |word| word.span());
    let message = format!("the database `{word}` requires the feature `{word}` of migrate-db");
    let mut diagnostic = Diagnostic::new("feature_off", span, message)
        .help(format!("write in Cargo.toml: `migrate-db = {{ version = \"0.1\", features = [\"{word}\"] }}`"));
    let why = "each database is a feature, so that a program builds only the drivers that it needs";
    *diagnostic.problem = diagnostic.problem.note(why);
    diagnostic.to_compile_error()
}

/// `mod m;` declares the module; a bare `m;` names one that is declared elsewhere.
fn module(module: &Module) -> TokenStream {
    let Module { declares, attributes, visibility, name } = module;
    if *declares {
        let document = is_to_be_documented(module).then(|| format!("The migration [`{name}`]({name}::MIGRATION)."));
        let document = document.map(|text| quote! { #[doc = #text] });
        quote! { #(#attributes)* #document #visibility mod #name; }
    } else {
        TokenStream::new()
    }
}

/// Whether others see the module, and nothing is written about it: its own documentation is that of what it has.
fn is_to_be_documented(module: &Module) -> bool {
    let is_documented = |attribute: &TokenStream| {
        let tokens = attribute.clone().into_iter();
        let mut groups = tokens.filter_map(|token| if let TokenTree::Group(group) = token { Some(group.stream()) } else { None });
        groups.any(|inside| inside.into_iter().next().is_some_and(|word| word.to_string() == "doc"))
    };
    !module.visibility.is_empty() && !module.attributes.iter().any(is_documented)
}

/// The test that no migration was forgotten.
fn test(face: &Face, parsed: &HistoryInput) -> TokenStream {
    let names = parsed.modules.iter().map(|module| module.name.unraw().to_string());
    quote! {
        #[cfg(test)]
        #[::core::prelude::v1::test]
        fn every_migration_is_listed() -> ::core::result::Result<(), #face::__private::Unlisted> {
            #face::__private::every_migration_is_listed(
                #face::__private::Place {
                    file: ::core::file!(),
                    module: ::core::module_path!(),
                    package: ::core::option_env!("CARGO_MANIFEST_DIR"),
                },
                &[#(#names),*],
            )
        }
    }
}

fn data(face: &Face, parsed: &HistoryInput) -> TokenStream {
    let name = parsed.name.as_ref().map_or_else(|| quote! { ::core::env!("CARGO_PKG_NAME") }, |name| quote! { #name });
    let servers = parsed.servers.iter().map(|(Version { database, number }, _)| {
        let database = database_name(*database);
        quote! { Version { database: Database::#database, number: #number } }
    });
    let modules = parsed.modules.iter().map(|module| &module.name);
    let patterns = &parsed.protected;
    quote! {
        /// The migrations of this crate, compiled.
        pub static HISTORY: #face::History = {
            use #face::__private::{Borrowed, Database, History, Version};
            History::protected(
                Borrowed(#name),
                Borrowed(&[#(#servers),*]),
                Borrowed(&[#(&#modules::MIGRATION),*]),
                Borrowed(&[#(Borrowed(#patterns)),*]),
            )
        };
    }
}

/// What can only be seen from all migrations together: two heads, and a revision id twice.
fn checks(face: &Face, parsed: &HistoryInput) -> TokenStream {
    let room = (parsed.modules.len() * 4 + 16).next_power_of_two();
    let all = parsed.modules.iter().map(|module| &module.name).map(|name| quote! { #name::__HEAD });
    let written = parsed.modules.iter().map(|module| &module.name).map(|name| {
        let text = name.to_string();
        quote! { #face::__private::ListedModule { name: #text, after: #name::__AFTER } }
    });
    let each = parsed.modules.iter().enumerate().map(|(place, module)| {
        // A path that begins with `$crate` would move the error from the word to the whole macro.
        quote_spanned! { module.name.span() => const _: () = __check(__SHAPE, #place, __MIGRATIONS); }
    });
    let lock = lock(parsed);
    quote! {
        #[doc(hidden)]
        const __MIGRATIONS: &[#face::__private::Head] = &[#(#all),*];
        #[doc(hidden)]
        #[allow(dead_code)]
        const __SHAPE: #face::__private::Shape = #face::__private::shape::<#room>(__MIGRATIONS, &[#(#written),*], #lock);
        #[allow(unused_imports)]
        use #face::__private::check as __check;
        #(#each)*
    }
}

/// The text of the lock, read by rustc from the place of the user's word.
fn lock(parsed: &HistoryInput) -> TokenStream {
    match &parsed.lock {
        Some((file, span)) => quote_spanned! { Span::mixed_site().located_at(*span) => ::core::include_str!(#file) },
        None => quote! { "" },
    }
}
